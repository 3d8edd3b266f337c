"""What the certificates of the stability family say, as sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.wording import at_least, fraction, listing, number, plural, power_text

Row: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A problem, and one algorithm's row in it."""


def stability_findings(summary: Mapping[str, Any]) -> list[str]:
    """What the certificates say, as sentences."""
    entries = summary.get("stability", [])
    rows = [(entry, row) for entry in entries for row in entry["algorithms"] if row["certified"]]
    if not rows:
        return []
    broken = [row for _, row in rows if row["broken"]]
    if broken:
        sample = broken[0]["broken"][0]
        return [
            f"Defect: {plural(sum(len(row['broken']) for row in broken), 'certificate')} "
            f"contradict the instability theorem (cell {broken[0]['cell']}, trial {sample[0]}: {sample[1]}). The "
            "theorem is proved, so the harness is at fault."
        ]
    return [*_inaccurate_or_unstable(*forced_rows(summary)), *_stable_networks(rows)]


def forced_rows(summary: Mapping[str, Any]) -> tuple[list[Row], list[Row]]:
    """The rows of networks that the theorem forces to be inaccurate or unstable, and those where it forces most."""
    entries = [entry for entry in summary.get("stability", []) if not entry["parameters"]["free"]]
    rows = [(entry, row) for entry in entries for row in entry["algorithms"] if row["certified"]]
    forced = [(entry, row) for entry, row in rows if entry["forced"]]
    most = max((entry["forced"] for entry, _ in forced), default=0)
    main = next((entry for entry, _ in forced if entry["forced"] == most), None)
    return forced, [pair for pair in forced if main is not None and _size(pair[0]) == _size(main)]


def _size(entry: Mapping[str, Any]) -> tuple[int, int]:
    """How many points a problem has, and how many of them the theorem makes wrong."""
    return len(entry["background"]["labels"]), int(entry["forced"])


def _inaccurate_or_unstable(forced: Sequence[Row], perfect: Sequence[Row]) -> list[str]:
    sentences = []
    if forced:
        total = sum(row["certified"] for _, row in forced)
        least = min(row["spare"]["least"] for _, row in forced)
        sentences.append(
            f"Inaccurate or unstable: {_every(total)[:1].lower()}{_every(total)[1:]} of fixed architecture has one "
            "perturbation, "
            "of 0 and ±δ in the second coordinate, that makes as many points wrong as the theorem guarantees, or more "
            f"(by at least {number(int(least))})."
        )
    found = perfect_networks(perfect)
    if found is not None:
        sentences.append(
            f"Perfect and unstable: {plural(found.networks, 'network')} right on every training and validation point "
            f"{'is' if found.networks == 1 else 'are'} flipped on at least {number(found.flipped)} points by −δ in one "
            f"coordinate (δ = {found.size}; the theorem asks for {found.forced}); around the worst of 0 and ±δ "
            f"{'it' if found.networks == 1 else 'each'} is wrong on at least as many throughout a certified box of at "
            f"least {at_least(found.radius)} times (ε, δ)."
        )
    return sentences


@dataclass(frozen=True)
class Perfect:
    """Networks that are right everywhere, and what one perturbation does to each of them.

    Attributes
    ----------
    networks, flipped
        How many there are, and on how many points each is flipped at least.
    points, forced
        How many points there are, and how many the theorem guarantees.
    size
        δ, in words.
    radius
        The least radius of their certified boxes.
    """

    networks: int
    flipped: int
    points: int
    forced: int
    size: str
    radius: float


def perfect_networks(rows: Iterable[Row]) -> Perfect | None:
    """The perfect networks of rows with equal numbers of points, forced and in all; None where there are none."""
    found = [(entry, row) for entry, row in rows if row["perfect"]]
    if not found:
        return None
    entry, _ = found[0]
    return Perfect(
        sum(row["perfect"] for _, row in found),
        int(min(row["perfect_flipped_down"]["least"] for _, row in found)),
        len(entry["background"]["labels"]),
        int(entry["forced"]),
        _sizes(entry["background"]["delta_exponent"] for entry, _ in found),
        min(row["radius"]["least"] for _, row in found),
    )


def _sizes(exponents: Iterable[int]) -> str:
    """δ in words, such as 2⁻⁴⁰, or 2⁻³⁰ to 2⁻⁴⁰ where it varies."""
    different = sorted(set(exponents))
    return " to ".join(power_text(2, -exponent) for exponent in dict.fromkeys((different[0], different[-1])))


def stability_headline(summary: Mapping[str, Any]) -> list[str]:
    """The certificates of networks of fixed size in one sentence, for a summary without violations."""
    forced, main = forced_rows(summary)
    if not forced:
        total = sum(row["certified"] for entry in summary.get("stability", []) for row in entry["algorithms"])
        return (
            [f"{plural(total, 'network')} {'has' if total == 1 else 'have'} a certificate."] if total else []
        )
    total = sum(row["certified"] for _, row in forced)
    found = perfect_networks(main)
    sentence = f"{_every(total)} of fixed size is inaccurate or unstable"
    if found is not None:
        which = "the one that is" if found.networks == 1 else f"the {number(found.networks)} that are"
        sentence += (
            f": {_of_those(forced, main)}{which} right on every point {'is' if found.networks == 1 else 'are'} made "
            f"wrong on at least {number(found.flipped)} of {number(found.points)} by one perturbation of size "
            f"{_delta(found.size)}"
        )
    neurons = _fewest_stable([entry for entry, _ in main])
    return [
        sentence
        + (
            "."
            if neurons is None
            else f"; a stable and accurate network exists, with {neurons} hidden neurons."
        )
    ]


def _of_those(forced: Sequence[Row], main: Sequence[Row]) -> str:
    """Of which networks the perfect ones are told, where there are others among all that are counted."""
    if len(main) == len(forced):
        return ""
    points, most = _size(main[0][0])
    several = sum(row["certified"] for _, row in main)
    return f"of the {number(several)} with most errors forced ({number(most)} of {number(points)} points), "


def _every(total: int) -> str:
    return "The one network" if total == 1 else f"Each of {number(total)} networks"


def _delta(size: str) -> str:
    return f"δ ({size})" if " to " in size else size


def _fewest_stable(entries: Iterable[Mapping[str, Any]]) -> str | None:
    """The hidden neurons of the smallest network shown to be stable, for each problem; None where one has none."""
    fewest = [
        min(
            (net["neurons"] for net in entry["background"]["stable"].values() if _shown_stable(net)),
            default=None,
        )
        for entry in entries
    ]
    known = [neurons for neurons in fewest if neurons is not None]
    if len(known) < len(fewest):
        return None
    return " to ".join(map(number, sorted({min(known), max(known)})))


def _shown_stable(network: Mapping[str, Any]) -> bool:
    return bool(network["balls"] and network["balls"]["right"])


def _stable_networks(rows: Sequence[Row]) -> list[str]:
    background = rows[0][0]["background"]
    found = {k: v for k, v in background["stable"].items() if _shown_stable(v)}
    sentences = []
    if found:
        sizes = listing(f"{name} with {network['neurons']}" for name, network in found.items())
        sentences.append(
            f"Stable networks exist: for {background['changes']} label changes, {sizes} hidden neurons "
            f"{'is' if len(found) == 1 else 'are'} right on the whole ball of radius ε around every point (shown "
            f"exactly); one hidden layer needs {background['least_neurons'][0]} or more, two need "
            f"{background['least_neurons'][1]}."
        )
    computed: dict[str, list[str]] = {}
    for algorithm in dict.fromkeys(row["algorithm"] for _, row in rows if row["balls_right"]):
        own = [row for _, row in rows if row["algorithm"] == algorithm]
        depths = [row["depth"] for row in own if row["depth"] is not None]
        depth = f", from {'at most ' if len(set(depths)) > 1 else ''}{max(depths)} binary digits of the input"
        trials = sum(row["balls_right"] for row in own), sum(row["recorded"] for row in own)
        computed.setdefault(f"{fraction(*trials)} trials{depth if depths else ''}", []).append(algorithm)
    if computed:
        parts = (f"{listing(names)} found one in {how}" for how, names in computed.items())
        sentences.append(f"Stable networks are computable: {'; '.join(parts)}.")
    return sentences
