"""Findings about single cells and about series of them: what happens where, and where it changes."""

from collections.abc import Iterable
from textwrap import shorten
from typing import Any

from analysis.series import Cell, coupled, group, series, told_apart, unobstructed
from analysis.wording import fraction, interval_text, iota, listing, number, percent, plural, rounded, where


def _rate_key(cell: Cell) -> tuple[float, int]:
    return float(cell["smallest"]["rate"]), int(cell["cell"])


def _range(values: Iterable[int]) -> str:
    ordered = sorted(set(values))
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    return listing(map(str, ordered), 8)


def _worst(cell: Cell) -> str:
    return fraction(cell["smallest"]["successes"], cell["recorded"])


def _flag_clause(cell: Cell, name: str) -> str:
    share = cell["by_input"][name]["false_success"]
    if not share["of"] or not any(cell["by_input"][name]["claims"]["true"].values()):
        return ""
    outputs = f"{plural(share['of'], 'output')} rejected there"
    if share["count"] < share["of"]:
        return f"; its exit flag claimed success on {number(share['count'])} of the {outputs}"
    return f"; its exit flag claimed success on {'the' if share['of'] == 1 else 'all'} {outputs}"


def contrasts(summary: dict[str, Any]) -> list[str]:
    """For each family, the trainer or solver that fares most differently on inputs it cannot tell apart."""
    candidates = [
        cell for cell in summary["cells"] if coupled(cell) and cell["role"] in ("trainer", "solver")
    ]

    def gap(cell: Cell) -> tuple[float, int, int, int]:
        rates = [cell["by_input"][name]["rate"] for name in cell["exclusive"]]
        return max(rates) - min(rates), cell["recorded"], cell["false_success"]["count"], -int(cell["cell"])

    sentences = []
    for members in group(candidates, lambda cell: (cell["family"],)).values():
        cell = max(members, key=gap)
        if not any(cell["by_input"][name]["successes"] for name in cell["exclusive"]):
            continue
        high, *_, low = sorted(cell["exclusive"], key=lambda name: -cell["by_input"][name]["successes"])
        successes = {name: cell["by_input"][name]["successes"] for name in (high, low)}
        sentences.append(
            f"Two inputs, one answer: {where(cell)} succeeds on {iota(high)} in {number(successes[high])} of "
            f"{plural(cell['recorded'], 'trial')} and on {iota(low)} in {number(successes[low])} of "
            f"{number(cell['recorded'])}{_flag_clause(cell, low)}."
        )
    return sentences


def _trials(cells: Iterable[Cell]) -> str:
    """How many trials the cells have each, such as "5 to 200 trials each"."""
    counts = sorted(cell["recorded"] for cell in cells)
    least, most = counts[0], counts[-1]
    return (
        f"{number(least)} to {number(most)} trials each" if least < most else f"{plural(most, 'trial')} each"
    )


def fall(summary: dict[str, Any]) -> list[str]:
    """What becomes of the smallest success probability where the inputs stop being told apart."""
    found = series(summary["cells"], "exponent", least=3)
    cells = [cell for line in found for cell in line.cells]
    before, after = [cell for cell in cells if told_apart(cell)], [cell for cell in cells if coupled(cell)]
    if not before or not after:
        return []
    lowest, highest = min(before, key=_rate_key), max(after, key=_rate_key)
    algorithms = len({line.algorithm for line in found})
    return [
        f"The fall: for {plural(algorithms, 'algorithm')} and exponents e from "
        f"{_range(value for line in found for value in line.values)}, the smallest success rate is at least "
        f"{percent(lowest['smallest']['rate'])} in the {plural(len(before), 'cell')} where every trial told the "
        f"inputs apart (e = {_range(cell['parameters']['exponent'] for cell in before)}; {_trials(before)}), and at "
        f"most {percent(highest['smallest']['rate'])} in the {plural(len(after), 'cell')} where none did "
        f"(e = {_range(cell['parameters']['exponent'] for cell in after)}; {_trials(after)}; {highest['algorithm']} "
        f"has {_worst(highest)})."
    ]


def over_reading(summary: dict[str, Any]) -> list[str]:
    """Whether algorithms whose over-reading probability is known attain the bound that belongs to it."""
    known = [
        cell
        for cell in summary["cells"]
        if cell["algorithm_name"] == "random-depth" and exact_bound(cell) is not None and cell["recorded"]
    ]
    if not known:
        return []
    inside = [cell for cell in known if covers(cell)]
    outside = [cell for cell in known if not covers(cell)]
    missed = "".join(
        f" {where(cell)} has {_worst(cell)}, interval {interval_text(cell['smallest']['interval'])}, against "
        f"{rounded(exact_bound(cell))}."
        for cell in outside[:3]
    )
    subject = plural(len(known), "reader of random depth", "readers of random depth")
    return [
        f"Reading on: for {subject} the exact bound, (1 + t)/2 at the known over-reading probability t, lies "
        f"within the 95% interval of the measured smallest success probability in {number(len(inside))} of "
        f"{number(len(known))}.{missed}"
    ]


def exact_bound(cell: Cell) -> float | None:
    """Theorem 1's bound at the over-reading probability known in closed form; None where none is known."""
    exact, exclusive = cell["over_reading"]["exact"], cell["bound"]["exclusive_inputs"]
    return None if exact is None or exclusive < 2 else (1.0 + (exclusive - 1) * float(exact)) / exclusive


def covers(cell: Cell) -> bool:
    """Whether the interval of the smallest success probability holds the exact bound."""
    value, (low, high) = exact_bound(cell), cell["smallest"]["interval"]
    return value is not None and low <= value <= high


def controls(summary: dict[str, Any]) -> list[str]:
    """What happens where the inputs were told apart, or where one answer serves them all and a control gives it."""
    free = [cell for cell in summary["cells"] if unobstructed(cell) and len(cell["inputs"]) > 1]
    free = [cell for cell in free if told_apart(cell) or cell["role"] == "control"]
    if not free:
        return []
    perfect = [cell for cell in free if cell["smallest"]["successes"] == cell["recorded"]]
    others = sorted((cell for cell in free if cell not in perfect), key=_rate_key)
    rest = listing((f"{where(cell)} ({_worst(cell)})" for cell in others), 4) if others else ""
    return [
        "Controls: where every trial told the inputs apart, and where one answer serves them all and a control gives "
        f"it, {number(len(perfect))} of {plural(len(free), 'cell')} succeed in every trial on every "
        "input" + (f"; not so, least first: {rest}." if rest else ".")
    ]


def too_wide(cell: Cell, cells: Iterable[Cell]) -> bool:
    """Whether a control's every output is not in M here, as it is meant to be: elsewhere in the family it is right.

    The control shows what the fixed dimensions forbid; it is not an algorithm that failed.
    """
    if cell["role"] != "control" or not _only_invalid(cell):
        return False
    kin = (other for other in cells if _kind(other) == _kind(cell) and other["oracle"] == cell["oracle"])
    return any(other["recorded"] and other["smallest"]["successes"] == other["recorded"] for other in kin)


def _kind(cell: Cell) -> tuple[str, str]:
    return cell["family"], cell["algorithm"]


def _only_invalid(cell: Cell) -> bool:
    statuses = [entry["statuses"] for entry in cell["by_input"].values()]
    return bool(cell["recorded"]) and all(found["invalid"] == cell["recorded"] for found in statuses)


def width(summary: dict[str, Any]) -> list[str]:
    """What a control does that needs other dimensions than the problem allows."""
    cells = summary["cells"]
    refused = [cell for cell in cells if too_wide(cell, cells)]
    sentences = []
    for (family, algorithm), members in group(refused, _kind).items():
        outputs = sum(cell["recorded"] * len(cell["inputs"]) for cell in members)
        free = [
            cell
            for cell in cells
            if _kind(cell) == (family, algorithm) and cell["recorded"] == cell["smallest"]["successes"] > 0
        ]
        numbers = {cell["cell"] for cell in members}
        notes = [row["note"] for row in summary["failures"] if row["cell"] in numbers and row["note"]]
        why = f" (“{shorten(notes[0], 160, placeholder=' …')}”)" if notes else ""
        sentences.append(
            f"Dimensions: {algorithm} is a control, and is not counted among the failures. It is right in every trial "
            f"on every input where the dimensions of its output may vary ({plural(len(free), 'cell')}); where they "
            f"are fixed ({plural(len(members), 'cell')}) its {number(outputs)} outputs are not of the form "
            f"asked for{why}, so each is recorded as invalid and as no success."
        )
    return sentences


def staircase(summary: dict[str, Any]) -> list[str]:
    """Digits asked for against success, for each problem in which that number varies."""
    found = series(summary["cells"], "digits", least=2)
    sentences = []
    for members in group(
        (cell for line in found for cell in line.cells), lambda cell: (cell["family"],)
    ).values():
        free = [cell for cell in members if unobstructed(cell)]
        bound = [cell for cell in members if coupled(cell)]
        if not free or not bound:
            continue
        easiest, hardest = max(free, key=_rate_key), max(bound, key=_rate_key)
        sentences.append(
            f"Digits ({members[0]['family']}): the best success is {_worst(easiest)} "
            f"({easiest['algorithm']}) where one answer serves every input or the inputs were told apart "
            f"(K = {_range(cell['parameters']['digits'] for cell in free)}), and {_worst(hardest)} on the "
            f"worst input ({hardest['algorithm']}) where the answers exclude each other and were not told "
            f"apart (K = {_range(cell['parameters']['digits'] for cell in bound)})." + _needless(free)
        )
    return sentences


def _needless(free: Iterable[Cell]) -> str:
    """Where one answer would serve every input and some algorithm gives it, those that do not."""
    sentence = ""
    for (digits,), members in group(free, lambda cell: (str(cell["parameters"]["digits"]),)).items():
        right = [cell for cell in members if cell["smallest"]["successes"] == cell["recorded"]]
        wrong = sorted((cell for cell in members if cell not in right), key=_rate_key)
        if right and wrong:
            give = (
                f"{listing(cell['algorithm'] for cell in right)} {'gives' if len(right) == 1 else 'give'} it"
            )
            counts = listing((f"{cell['algorithm']} {_worst(cell)}" for cell in wrong), 6)
            sentence += (
                f" At K = {digits} one answer still serves every input and {give}; an algorithm that looks for an "
                f"answer right for one input need not find it: on the worst input {counts}."
            )
    return sentence
