"""An audit as one self-contained page: sentences, a picture, tables."""

from __future__ import annotations

import importlib.resources
from typing import Any

import jinja2
from matplotlib.patches import Patch

from onehalf.auditing.report.drawing import figure_of, svg_of
from onehalf.auditing.report.text import CAPTION, digit_table
from onehalf.auditing.verdicts import Audit
from onehalf.auditing.wording import certain_digits

_CERTAIN, _OPEN, _IMPOSSIBLE = "#0072b2", "#dddddd", "#d55e00"
_LEAST, _MOST = 0, 16
_ROWS = 24


def audit_page(audit: Audit) -> str:
    """Return an audit as one HTML page."""
    heads, rows = digit_table(audit)
    template = (
        importlib.resources.files("onehalf").joinpath("templates/audit.html").read_text(encoding="utf-8")
    )
    environment = jinja2.Environment(autoescape=True)
    decisions = [(finding.title, d) for finding in audit.findings for d in finding.decisions]
    return environment.from_string(template).render(
        audit=audit,
        heads=heads,
        rows=rows,
        caption=CAPTION,
        picture=audit.picture,
        digits=_picture(audit),
        left=max((len(finding.answers) for finding in audit.findings), default=0) - _ROWS,
        decisions=decisions,
    )


def _picture(audit: Audit) -> str:
    """Return digits × components, a panel for each reading, as SVG; "" where there are no components."""
    findings = [finding for finding in audit.findings if finding.answers]
    if not findings:
        return ""
    order = sorted(range(len(findings[0].answers)), key=lambda k: _width(findings, k))[:_ROWS]
    figure = figure_of(2.1 * len(findings) + 1.6, 0.24 * len(order) + 1.5)
    panels = figure.subplots(1, len(findings), sharey=True, squeeze=False)[0]
    for axes, finding in zip(panels, findings, strict=True):
        for row, k in enumerate(order):
            _bars(axes, row, finding.answers[k])
        axes.set_xlim(_LEAST, _MOST)
        axes.set_title(finding.title, fontsize=9)
        axes.set_xlabel("digit", fontsize=8)
        axes.tick_params(labelsize=8)
    panels[0].set_yticks(range(len(order)), [findings[0].answers[k].name[:24] for k in order])
    panels[0].invert_yaxis()
    keys = [
        Patch(facecolor=_CERTAIN, label="certified"),
        Patch(facecolor=_OPEN, label="neither"),
        Patch(facecolor=_IMPOSSIBLE, hatch="////", edgecolor="white", label="impossible"),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return svg_of(
        figure, "For each component and precision: certified digits, digits in between, impossible digits"
    )


def _width(findings: Any, k: int) -> tuple[int, int]:
    values = [f.answers[k].impossible for f in findings]
    return min((v for v in values if v is not None), default=10**6), k


def _bars(axes: Any, row: int, answer: Any) -> None:
    digits = certain_digits(answer)
    certain = min(max(digits or 0, _LEAST), _MOST)
    beyond = answer.impossible
    barred = _MOST if beyond is None else min(max(beyond - 1, certain), _MOST)
    axes.barh(row, certain, color=_CERTAIN, height=0.8)
    axes.barh(row, barred - certain, left=certain, color=_OPEN, height=0.8)
    axes.barh(
        row, _MOST - barred, left=barred, color=_IMPOSSIBLE, hatch="////", edgecolor="white", height=0.8
    )
