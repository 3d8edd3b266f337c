"""Curves that fall: success against the exponent of δ, and against the digits asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.ticker import MaxNLocator

from analysis.figures.short_names import NOTE, short_names
from analysis.figures.style import Look, Panel, axes, legend, looks, points, settle
from analysis.figures.together import bounds_of, shade, together
from analysis.summary.series import Series, series
from analysis.wording import fraction

FALL_CAPTION = (
    "Smallest success probability (on the worse of the coupled inputs) against e, where the inputs differ "
    "by 2⁻ᵉ, with 95% intervals. The black line is Theorem 1's bound, (1 + t)/2 at the measured over-"
    "reading t; the shaded region is about probabilities: no algorithm's lies there, though by chance a "
    "measured share may. It steps from 1 to ½ where e reaches the digits that the algorithm reads. Points "
    "are set slightly apart sideways so that equal ones stay visible. Where there are several algorithms "
    "the first panel shows all of them under one oracle, those named together lying together, without "
    f"intervals, which the algorithms' own panels have. {NOTE}"
)
_EXPONENT = "e, the inputs differing by 2⁻ᵉ"
# The superscript letter is too small to read on a screen; Matplotlib sets a larger one.
_LABELS = {_EXPONENT: "e, the inputs differing by $2^{-e}$"}
STAIRCASE_CAPTION = (
    "Smallest success probability against the number K of correct decimal digits that is asked for, with "
    "95% intervals. The black line is the bound: 1 as long as one answer serves both inputs, ½ from the K "
    "on at which their answers exclude each other. An algorithm may fall earlier: where the answer that "
    "serves both inputs lies between their own, one that looks for either input's own answer, such as a "
    "vertex, does not give it. Points are set slightly apart sideways so that equal ones stay visible. "
    f"{NOTE}"
)


def _draw(
    title: str,
    axis: str,
    lines: Sequence[Series],
    names: Sequence[str],
    table: Mapping[str, Look],
    explained: bool,
) -> Panel:
    figure, area = axes(title, _LABELS.get(axis, axis), "smallest success", 4.0, 2.9 if explained else 3.3)
    shade(area, bounds_of(lines))
    area.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    step = min(0.3, 0.7 / len(lines))
    texts = []
    for index, (line, name) in enumerate(zip(lines, names, strict=True)):
        shift = (index - (len(lines) - 1) / 2) * step
        xs = [value + shift for value in line.values]
        points(area, xs, [cell["smallest"] for cell in line.cells], table[name], name)
        shares = ", ".join(
            f"{value}: {fraction(cell['smallest']['successes'], cell['recorded'])}"
            for value, cell in zip(line.values, line.cells, strict=True)
        )
        texts.append(f"{name}, {shares}")
    if not explained:
        legend(area)
    settle(figure)
    return Panel(title, f"Smallest success against {axis}. {'; '.join(texts)}.", figure)


def _panels(found: Sequence[Series], axis: str, by_algorithm: bool) -> list[Panel]:
    """One panel for each algorithm with a curve for each oracle, or the other way round."""
    rest = {line.fixed for line in found if line.fixed}
    families = {line.family for line in found}
    # The budget, where it varies, is told with what the series' cells have in common.
    short = short_names({**line.cells[0], "budget": ""} for line in found)

    def name(line: Series) -> str:
        return f"{line.oracle} oracle" if by_algorithm else short[line.algorithm]

    def title(line: Series) -> str:
        parts = [line.family] * (len(families) > 1)
        parts += [short[line.algorithm] if by_algorithm else f"{line.oracle} oracle"]
        parts += [line.fixed] * (len(rest) > 1 and bool(line.fixed))
        return ", ".join(parts)

    table = looks(name(line) for line in found)
    panels: dict[str, list[Series]] = {}
    for line in found:
        panels.setdefault(title(line), []).append(line)
    drawn, told = [], set[str]()
    for heading, lines in panels.items():
        names = [name(line) for line in lines]
        # A legend that says nothing new is left out.
        drawn.append(_draw(heading, axis, lines, names, table, explained=set(names) <= told))
        told.update(names)
    return drawn


def fall(summary: dict[str, Any]) -> list[Panel]:
    """A panel for each algorithm with at least three exponents, a curve for each oracle; all together before them."""
    found = series(summary["cells"], "exponent", least=3)
    return [*together(found, _LABELS[_EXPONENT]), *_panels(found, _EXPONENT, by_algorithm=True)]


def staircase(summary: dict[str, Any]) -> list[Panel]:
    """A panel for each problem and oracle with at least two numbers of digits, a curve for each algorithm."""
    return _panels(
        series(summary["cells"], "digits", least=2), "K, correct digits asked for", by_algorithm=False
    )
