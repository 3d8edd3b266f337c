"""Findings about single cells and about series of them: what happens where, and where it changes."""

from collections.abc import Iterable, Sequence
from textwrap import shorten

from analysis.summary.changes import (
    Placed,
    Staircase,
    contrasts_of_inputs,
    falls,
    range_of,
    rate_key,
    staircases,
)
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import group, halted, known_bound, rate_of, told_apart, unobstructed
from analysis.wording import (
    fraction,
    interval_text,
    iota,
    listing,
    number,
    percent_at_least,
    percent_at_most,
    plural,
    rounded,
    where,
)

_STEPS = 4
"""Problems that a sentence about steps names with their counts; one has as many as a report has families."""


def _worst(cell: CellEntry) -> str:
    return fraction(cell["smallest"]["successes"], cell["recorded"])


def _flag_clause(cell: CellEntry, name: str) -> str:
    share = cell["by_input"][name]["false_success"]
    if not share["of"] or not any(cell["by_input"][name]["claims"]["true"].values()):
        return ""
    return f", claiming success on {number(share['count'])} of {plural(share['of'], 'rejected output')}"


def contrasts(summary: Summary) -> list[str]:
    """For each family, the trainer or solver that fares most differently on inputs it cannot tell apart."""
    parts = [
        f"{where(found.cell)} succeeds on {iota(found.high)} in "
        f"{fraction(found.successes(found.high), found.cell['recorded'])} trials and on {iota(found.low)} in "
        f"{fraction(found.successes(found.low), found.cell['recorded'])}{_flag_clause(found.cell, found.low)}"
        for found in contrasts_of_inputs(summary)
    ]
    return [f"Two inputs, one answer: {'; '.join(parts)}."] if parts else []


def _trials(cells: Iterable[Placed]) -> str:
    """How many trials the cells have each, such as "5 to 200 trials each"."""
    counts = sorted(cell["recorded"] for _, cell in cells)
    least, most = counts[0], counts[-1]
    return (
        f"{number(least)} to {number(most)} trials each" if least < most else f"{plural(most, 'trial')} each"
    )


def fall(summary: Summary) -> list[str]:
    """What becomes of the smallest success probability where the inputs stop being told apart, for each axis."""
    return [
        f"The fall: in {plural(len(found.lines), 'series', 'series')} along {found.axis['symbol']} "
        f"({plural(found.algorithms, 'algorithm')}) the smallest success rate is "
        f"{_no_less(rate_of(found.lowest['smallest']))} in {_the_cells(found.before)} where every "
        f"trial told the inputs apart ({found.axis['symbol']} = {range_of(found.before)}; {_trials(found.before)}), "
        f"and {_no_more(rate_of(found.highest['smallest']))} in {_the_cells(found.after)} where "
        f"none did ({found.axis['symbol']} = {range_of(found.after)}; {_trials(found.after)}; "
        f"{found.highest['algorithm']} {_worst(found.highest)}). In each series the former lie below the latter."
        + _rest(found.others)
        for found in falls(summary)
    ]


def _no_less(share: float) -> str:
    return "100%" if share == 1 else f"at least {percent_at_least(share)}"


def _no_more(share: float) -> str:
    return "0%" if share == 0 else f"at most {percent_at_most(share)}"


def _the_cells(placed: Sequence[Placed]) -> str:
    return "the cell" if len(placed) == 1 else f"each of the {number(len(placed))} cells"


def _rest(others: int) -> str:
    """How many series that could fall do not, or not as clearly."""
    if not others:
        return ""
    return (
        f" {plural(others, 'more series has', 'more series have')} both kinds of cells, and no fall as clear."
    )


def over_reading(summary: Summary) -> list[str]:
    """Whether algorithms whose over-reading probability is known attain the bound that belongs to it.

    Such an algorithm reads to a depth that is random with a known law, or no further than inputs are alike.
    """
    known = [
        (cell, bound)
        for cell in summary["cells"]
        if cell["recorded"] and (bound := known_bound(cell)) is not None
    ]
    if not known:
        return []
    outside = [(cell, bound) for cell, bound in known if not _covers(cell, bound)]
    missed = "".join(
        f" {where(cell)} has {_worst(cell)}, interval {interval_text(cell['smallest']['interval'])}, against "
        f"{rounded(bound)}."
        for cell, bound in outside[:3]
    )
    subject = plural(len(known), "cell")
    inside = len(known) - len(outside)
    return [
        f"Attained: of {subject} in which the algorithm reads past the coupling with a known probability t, "
        f"{number(inside)} {'has' if inside == 1 else 'have'} the exact bound at that t within the 95% interval of the "
        f"success on the worst input, which is the least of several shares.{missed}"
    ]


def _covers(cell: CellEntry, bound: float) -> bool:
    """Whether the interval of the smallest success probability holds the exact bound."""
    low, high = cell["smallest"]["interval"]
    return low <= bound <= high


def controls(summary: Summary) -> list[str]:
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
        f"{number(len(perfect))} of {plural(len(free), 'cell')} {'succeeds' if len(free) == 1 else 'succeed'} in every "
        "trial on every input"
        + (f"; not so, least first: {rest}" if rest else "")
        + (f"; left out: {plural(len(silent), 'cell')} in which no trial gave an output." if silent else ".")
    ]


def too_wide(cell: CellEntry, cells: Iterable[CellEntry]) -> bool:
    """Whether a control's every output is not in M here, as it is meant to be: elsewhere in the family it is right.

    The control shows what the fixed dimensions forbid; it is not an algorithm that failed.
    """
    if cell["role"] != "control" or not _only_invalid(cell):
        return False
    kin = (other for other in cells if _kind(other) == _kind(cell) and other["oracle"] == cell["oracle"])
    return any(other["recorded"] and other["smallest"]["successes"] == other["recorded"] for other in kin)


def _kind(cell: CellEntry) -> tuple[str, str]:
    return cell["family"], cell["algorithm"]


def _only_invalid(cell: CellEntry) -> bool:
    statuses = [entry["statuses"] for entry in cell["by_input"].values()]
    return bool(cell["recorded"]) and all(found["invalid"] == cell["recorded"] for found in statuses)


def width(summary: Summary) -> list[str]:
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


def staircase(summary: Summary) -> list[str]:
    """How much is asked for against success, for each problem in which that varies."""
    groups: dict[tuple[str, str], list[Staircase]] = {}
    for step in staircases(summary):
        groups.setdefault((_lead(step.axis["name"]), step.axis["symbol"]), []).append(step)
    return [
        _of_step(lead, steps[0]) if len(steps) == 1 else _of_steps(lead, steps)
        for (lead, _), steps in groups.items()
    ]


def _problem(step: Staircase) -> str:
    return ", ".join(filter(None, (step.easiest["family"], step.fixed)))


def _of_step(lead: str, step: Staircase) -> str:
    symbol = step.axis["symbol"]
    return (
        f"{lead} ({_problem(step)}): with {symbol} = {range_of(step.before)}, where one answer serves "
        f"every input or they were told apart, the best has {_worst(step.easiest)} ({step.easiest['algorithm']}); with "
        f"{symbol} = {range_of(step.after)}, where no answer serves them all and no trial told them apart, "
        f"{_worst(step.hardest)} on the worst input ({step.hardest['algorithm']})."
        + _needless(symbol, step.before)
    )


def _of_steps(lead: str, steps: Sequence[Staircase]) -> str:
    """What `_of_step` says, for several problems at once, the first of them by name."""
    parts = [
        f"{_problem(step)} {_worst(step.easiest)} at {step.axis['symbol']} = {range_of(step.before)} "
        f"({step.easiest['algorithm']}), {_worst(step.hardest)} at {step.axis['symbol']} = {range_of(step.after)} "
        f"({step.hardest['algorithm']})"
        for step in steps[:_STEPS]
    ]
    rest = len(steps) - len(parts)
    more = f"; {plural(rest, 'more problem has', 'more problems have')} both kinds of cells" if rest else ""
    return (
        f"{lead}: the best where one answer serves every input or they were told apart, and the best on the worst "
        f"input where no answer serves them all and no trial told them apart: {'; '.join(parts)}{more}."
        + "".join(
            _needless(step.axis["symbol"], step.before, f" ({_problem(step)})") for step in steps[:_STEPS]
        )
    )


def _lead(name: str) -> str:
    """A parameter's name as the first word of a sentence."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _needless(symbol: str, free: Iterable[Placed], problem: str = "") -> str:
    """Where one answer would serve every input and some algorithm gives it, those that do not."""
    sentence = ""
    places: dict[int, list[CellEntry]] = {}
    for value, cell in free:
        # Where a run told the inputs apart it may give each its own answer.
        if cell["one_answer"] == cell["recorded"] and not cell["bound"]["applies"]:
            places.setdefault(value, []).append(cell)
    for value, members in places.items():
        right = [cell for cell in members if cell["smallest"]["successes"] == cell["recorded"]]
        wrong = sorted((cell for cell in members if cell not in right), key=rate_key)
        if right and wrong:
            verb = "gives" if len(right) == 1 else "give"
            give = f"{listing(cell['algorithm'] for cell in right)} {verb} the one answer for all"
            counts = listing((f"{cell['algorithm']} {_worst(cell)}" for cell in wrong), 6)
            sentence += (
                f" At {symbol} = {value}{problem} {give}; those that look for the answer to one input need not: on the "
                f"worst input {counts}."
            )
    return sentence
