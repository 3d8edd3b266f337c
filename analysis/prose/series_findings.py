"""Findings about single cells and about series of them: what happens where, and where it changes."""

from collections.abc import Iterable
from textwrap import shorten
from typing import Any

from analysis.summary.changes import contrasts_of_inputs, fall_along_e, range_of, rate_key, steps_along_k
from analysis.summary.series import Cell, group, halted, told_apart, unobstructed
from analysis.wording import fraction, interval_text, iota, listing, number, percent, plural, rounded, where


def _worst(cell: Cell) -> str:
    return fraction(cell["smallest"]["successes"], cell["recorded"])


def _flag_clause(cell: Cell, name: str) -> str:
    share = cell["by_input"][name]["false_success"]
    if not share["of"] or not any(cell["by_input"][name]["claims"]["true"].values()):
        return ""
    return f", claiming success on {number(share['count'])} of {plural(share['of'], 'rejected output')}"


def contrasts(summary: dict[str, Any]) -> list[str]:
    """For each family, the trainer or solver that fares most differently on inputs it cannot tell apart."""
    parts = [
        f"{where(found.cell)} succeeds on {iota(found.high)} in "
        f"{fraction(found.successes(found.high), found.cell['recorded'])} trials and on {iota(found.low)} in "
        f"{fraction(found.successes(found.low), found.cell['recorded'])}{_flag_clause(found.cell, found.low)}"
        for found in contrasts_of_inputs(summary)
    ]
    return [f"Two inputs, one answer: {'; '.join(parts)}."] if parts else []


def _trials(cells: Iterable[Cell]) -> str:
    """How many trials the cells have each, such as "5 to 200 trials each"."""
    counts = sorted(cell["recorded"] for cell in cells)
    least, most = counts[0], counts[-1]
    return (
        f"{number(least)} to {number(most)} trials each" if least < most else f"{plural(most, 'trial')} each"
    )


def fall(summary: dict[str, Any]) -> list[str]:
    """What becomes of the smallest success probability where the inputs stop being told apart."""
    found = fall_along_e(summary)
    if found is None:
        return []
    return [
        f"The fall: for {plural(found.algorithms, 'algorithm')} the smallest success rate is at least "
        f"{percent(found.lowest['smallest']['rate'])} in the {plural(len(found.before), 'cell')} where every trial "
        f"told the inputs apart (e = {range_of(found.before, 'exponent')}; {_trials(found.before)}), and at most "
        f"{percent(found.highest['smallest']['rate'])} in the {number(len(found.after))} where none did "
        f"(e = {range_of(found.after, 'exponent')}; {_trials(found.after)}; {found.highest['algorithm']} "
        f"{_worst(found.highest)})."
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
        f"Reading on: of {subject} {number(len(inside))} {'has' if len(inside) == 1 else 'have'} the exact bound, "
        f"(1 + t)/2 at the known t, within the 95% interval of their success.{missed}"
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
    silent = [cell for cell in free if not halted(cell)]
    free = [cell for cell in free if halted(cell)]
    if not free:
        return []
    perfect = [cell for cell in free if cell["smallest"]["successes"] == cell["recorded"]]
    others = sorted((cell for cell in free if cell not in perfect), key=rate_key)
    rest = listing((f"{where(cell)} ({_worst(cell)})" for cell in others), 4) if others else ""
    return [
        "Controls: with the inputs told apart, or a control that knows the one answer for all, "
        f"{number(len(perfect))} of {plural(len(free), 'cell')} succeed in every trial on every input"
        + (f"; not so, least first: {rest}" if rest else "")
        + (f"; left out: {plural(len(silent), 'cell')} in which no trial gave an output." if silent else ".")
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
            f"Dimensions: {algorithm}, a control, is right in every trial where dimensions may vary "
            f"({plural(len(free), 'cell')}); where they are fixed ({plural(len(members), 'cell')}) all its "
            f"{number(outputs)} outputs are invalid{why}, which is no failure: it is what the control is to show."
        )
    return sentences


def staircase(summary: dict[str, Any]) -> list[str]:
    """Digits asked for against success, for each problem in which that number varies."""
    return [
        f"Digits ({step.easiest['family']}): with K = {range_of(step.before, 'digits')}, where one answer serves every "
        f"input or they were told apart, the best has {_worst(step.easiest)} ({step.easiest['algorithm']}); with "
        f"K = {range_of(step.after, 'digits')}, where answers exclude each other, {_worst(step.hardest)} on the worst "
        f"input ({step.hardest['algorithm']})." + _needless(step.before)
        for step in steps_along_k(summary)
    ]


def _needless(free: Iterable[Cell]) -> str:
    """Where one answer would serve every input and some algorithm gives it, those that do not."""
    sentence = ""
    for (digits,), members in group(free, lambda cell: (str(cell["parameters"]["digits"]),)).items():
        right = [cell for cell in members if cell["smallest"]["successes"] == cell["recorded"]]
        wrong = sorted((cell for cell in members if cell not in right), key=rate_key)
        if right and wrong:
            verb = "gives" if len(right) == 1 else "give"
            give = f"{listing(cell['algorithm'] for cell in right)} {verb} the one answer for all"
            counts = listing((f"{cell['algorithm']} {_worst(cell)}" for cell in wrong), 6)
            sentence += (
                f" At K = {digits} {give}; those that look for the answer to one input need not: on the worst "
                f"input {counts}."
            )
    return sentence
