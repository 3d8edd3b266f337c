"""The part of a report on the instability theorem."""

from collections.abc import Mapping
from typing import Any

from analysis.wording import at_least, fraction, percent_at_least, power_text, setting

_SEVERAL = 3
_HEADINGS = (
    "cell",
    "algorithm",
    "right on T",
    "right on V",
    "flipped by one η",
    "guaranteed",
    "η",
    "certified box",
    "best |t| ≤ δ",
    "best |t| ≤ ε",
)


def section(summary: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the section's template is given besides its figures; None where the run has no such problem."""
    entries = summary.get("stability", [])
    if not entries:
        return None
    return {
        "tables": _tables(entries, _axes(summary, entries)),
        "headings": _HEADINGS,
        "attacks": _attacks(entries[0]),
    }


def _axes(summary: Mapping[str, Any], entries: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """How the problems' parameters are written."""
    own = {row["cell"] for entry in entries for row in entry["algorithms"]}
    return next((cell["axes"] for cell in summary["cells"] if cell["cell"] in own), [])


def _tables(entries: list[dict[str, Any]], axes: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One table for each problem that several algorithms face, and one for all the others together."""
    usual = entries[0]["parameters"]
    large = [entry for entry in entries if len(entry["algorithms"]) >= _SEVERAL or entry is entries[0]]
    tables = [
        {
            "title": "Networks of every algorithm" if entry is entries[0] else _own(entry, usual, axes),
            "facts": _facts(entry),
            "setting": setting(usual, axes, usual) if entry is entries[0] else "",
            "rows": [_row(row, entry["background"], row["role"]) for row in entry["algorithms"]],
        }
        for entry in large
    ]
    small = [entry for entry in entries if not any(entry is other for other in large)]
    if small:
        rows = [
            _row(row, entry["background"], _own(entry, usual, axes))
            for entry in small
            for row in entry["algorithms"]
        ]
        facts = "Each row says in what its problem differs from the first table's."
        tables.append({"title": "Other numbers of points", "facts": facts, "setting": "", "rows": rows})
    return tables


def _own(entry: Mapping[str, Any], usual: Mapping[str, Any], axes: list[Mapping[str, Any]]) -> str:
    """In what a problem differs from the first."""
    own = {name: value for name, value in entry["parameters"].items() if value != usual.get(name)}
    return setting(own, axes, own)


def _attacks(entry: Mapping[str, Any]) -> list[list[str]]:
    """One row for each algorithm that was attacked."""
    return [
        [
            row["algorithm"],
            str(row["attacks"]["networks"]),
            *(_range(row["attacks"][name]) for name in ("flipped", "search", "universal", "pgd")),
        ]
        for row in entry["algorithms"]
        if row["attacks"]
    ]


def _facts(entry: Mapping[str, Any]) -> str:
    background = entry["background"]
    return (
        f"{len(background['labels'])} distinct points with A = {background['changes']} label changes, "
        f"P(N) = {background['pieces']}, δ = {power_text(2, -background['delta_exponent'])}, "
        f"ε = {background['radius']:.3g}; ⌈(A − P)/2⌉ = {entry['forced']}. "
        + ("The points lie" if background["separated"] else "Defect: the points do not lie")
        + " in S^f_ε (checked exactly)."
    )


def _row(row: Mapping[str, Any], background: Mapping[str, Any], note: str) -> list[dict[str, Any]]:
    certified, points = row["certified"], len(background["labels"])
    if not certified:
        return [{"text": str(row["cell"]), "note": "", "alarm": False}] + [
            {"text": text, "note": "", "alarm": False}
            for text in (row["algorithm"], *["–"] * (len(_HEADINGS) - 2))
        ]
    etas = {"-1": "−δ", "0": "0", "1": "+δ"}
    texts = [
        (str(row["cell"]), ""),
        (row["algorithm"], note),
        (fraction(row["perfect_training"], certified), "networks"),
        (fraction(row["perfect_validation"], certified), "networks"),
        (
            f"{_range(row['flipped'])} of {points}",
            f"at least {percent_at_least(row['flipped']['least'] / points)}",
        ),
        (_range(row["guarantee"]), "points"),
        (
            ", ".join(etas[sign] for sign in row["signs"]),
            f"{2.0 ** -background['delta_exponent'] / background['radius']:.1g}·ε",
        ),
        (_decimal(row["radius"]), "× (ε, δ), least" if row["radius"] else ""),
        *((_range(entry["wrong"]), _size(entry)) for entry in row["search"]),
    ]
    broken = bool(row["broken"])
    return [{"text": text, "note": note, "alarm": broken} for text, note in texts]


def _size(entry: Mapping[str, Any]) -> str:
    """How small such a perturbation can be, or where that was not certified, how large the smallest found was."""
    if entry.get("infimum") is None:
        return f"|t| from {at_least(entry['size']['least'])}·δ, found"
    return f"|t| ≥ {at_least(entry['infimum']['least'])}·δ"


def _range(spread: Mapping[str, float]) -> str:
    least, most = spread["least"], spread["most"]
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _decimal(spread: Mapping[str, float] | None) -> str:
    return "none" if spread is None else at_least(spread["least"])
