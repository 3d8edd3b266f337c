"""What was asked, and of whom: the problems in full, and one line for each algorithm."""

from collections.abc import Mapping
from typing import Any

from analysis.summary.competence import competence
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import axes_of, group, tier_sentences
from analysis.wording import FALLING, fraction, listing, value_text

_MOST = 12
"""Values of one parameter that are listed; of more the first and the last are told."""


def asked_section(summary: Summary) -> Mapping[str, Any] | None:
    """What the template ``asked.html`` shows: each problem with its statement and the parameters of its cells."""
    statements = summary["experiment"].get("problems", {})
    families = group(summary["cells"], lambda cell: cell["family"])
    return {
        "problems": [
            {
                "family": family,
                "statement": str(statements.get(family, "")),
                "setting": "; ".join(_settings(members)),
                "tiers": tier_sentences(members),
                "oracles": listing(dict.fromkeys(cell["oracle"] for cell in members), 8),
            }
            for family, members in families.items()
        ],
        "bounded": any(cell["bound"]["applies"] for cell in summary["cells"]),
        "closeness": next((axis["symbol"] for axis in axes_of(summary["cells"], "closeness")), ""),
        "axes": _axes(summary),
    }


def _settings(cells: list[CellEntry]) -> list[str]:
    """Each parameter with the values that it has in some cells."""
    symbols = {axis["name"]: axis["symbol"] for cell in cells for axis in cell["axes"]}
    names = dict.fromkeys(name for cell in cells for name in cell["parameters"])
    found = []
    for name in names:
        values = list(dict.fromkeys(value_text(cell["parameters"].get(name)) for cell in cells))
        told = listing(values, _MOST) if len(values) <= _MOST else f"{values[0]}, …, {values[-1]}"
        found.append(f"{symbols.get(name, name)} = {told}")
    return found


def _axes(summary: Summary) -> list[tuple[str, str]]:
    """The letters of axes along which success falls, each with what it stands for."""
    letters: dict[str, dict[str, None]] = {}
    for axis in axes_of(summary["cells"], *FALLING):
        letters.setdefault(axis["symbol"], {})[axis["words"]] = None
    return [(symbol, "; ".join(words)) for symbol, words in letters.items()]


def participants(summary: Summary) -> Mapping[str, Any] | None:
    """What the template ``participants.html`` shows: role, competence and description of each algorithm."""
    lines = summary["experiment"].get("algorithms", {})
    known: dict[str, list[str]] = {}
    for found in competence(summary):
        if found.best is not None:
            share = fraction(found.best["smallest"]["successes"], found.best["recorded"])
            known.setdefault(found.algorithm, []).append(share)
    rows = {
        cell["algorithm_name"]: (
            cell["algorithm_name"],
            cell["role"] or "plugin",
            ", ".join(known.get(cell["algorithm_name"], [])) or "–",
            str(lines.get(cell["algorithm_name"], "")),
        )
        for cell in summary["cells"]
    }
    return {"rows": list(rows.values())} if rows else None
