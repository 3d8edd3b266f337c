"""The headline: what an experiment found, in two or three sentences, whatever was run and however it came out.

The sentences are about what was counted. Where no trial read past the coupling, no run is right on two exclusive
inputs, so that a smallest share above the bound would be a violation, and not chance.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from analysis.prose.competence_findings import unable_warning, untried
from analysis.prose.findings import flags_told
from analysis.prose.series_findings import too_wide
from analysis.story import Story
from analysis.summary.changes import (
    Contrast,
    Fall,
    Staircase,
    contrasts_of_inputs,
    falls,
    range_of,
    staircases,
)
from analysis.summary.counts import STATUSES
from analysis.summary.schema import CellEntry, Summary, TotalsEntry, ViolationEntry
from analysis.summary.series import bound_of, coupled, halted, rate_of, told_apart, unobstructed
from analysis.wording import (
    fraction_text,
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

_SENTENCES = 3
_WIDE = 0.3
"""Width of an interval from which on trials are few: what is proved is then told before what was seen."""
_KINDS = {
    "double_accepted": (
        "run that was accepted on two mutually exclusive inputs",
        "runs that were accepted on two mutually exclusive inputs",
    ),
    "above_bound": (
        "cell whose smallest success probability is significantly above its bound",
        "cells whose smallest success probability is significantly above its bound",
    ),
}


def headline(summary: Summary, stories: Sequence[Story] = ()) -> list[str]:
    """What was found, the most important first; a contradiction to a theorem is all that is said where there is one."""
    totals = summary["totals"]
    if summary["violations"]:
        kinds = {**_KINDS, **{kind: words for story in stories for kind, words in story.kinds.items()}}
        return [_violated(summary["violations"], kinds)]
    if not totals["recorded"]:
        return [f"No trial is on record yet, of {plural(totals['planned'], 'planned trial')}."]
    telling = [(story, story.headline) for story in stories if story.headline is not None]
    found = [
        *_barrier(summary, {family for story, _ in telling for family in story.about}),
        *_change(summary),
        *(sentence for _, tell in telling for sentence in tell(summary)),
        *_flags(summary),
    ]
    return [
        *_unfinished(totals),
        *_failed(summary),
        *unable_warning(summary),
        *found[:_SENTENCES],
        *untried(summary),
        *_unsettled(totals),
    ]


def all_failed(summary: Summary) -> list[str]:
    """The algorithms of which every trial on record ended with an error or a crash."""
    outcomes: dict[str, list[int]] = {}
    for cell in summary["cells"]:
        for entry in cell["by_input"].values():
            seen = outcomes.setdefault(cell["algorithm"], [0, 0])
            seen[0] += entry["statuses"]["error"] + entry["statuses"]["crashed"]
            seen[1] += sum(entry["statuses"].values())
    return [name for name, (failed, every) in outcomes.items() if every and failed == every]


def _failed(summary: Summary) -> list[str]:
    names = all_failed(summary)
    if not names:
        return []
    return [
        f"Warning: every trial of {listing(names)} ended with an error, so that nothing is said of what it computes."
    ]


def _violated(violations: Sequence[ViolationEntry], kinds: Mapping[str, tuple[str, str]]) -> str:
    parts = []
    found = {violation["kind"] for violation in violations}
    for kind in [*(kind for kind in kinds if kind in found), *sorted(found - set(kinds))]:
        one, many = kinds.get(kind, (f"violation “{kind}”", f"violations “{kind}”"))
        members = [violation for violation in violations if violation["kind"] == kind]
        count = len(members) if kind == "above_bound" else sum(member["trials"] for member in members)
        cells = listing((str(member["cell"]) for member in members), 6)
        parts.append(f"{plural(count, one, many)} (cell {cells})")
    return (
        f"Defect: this experiment contradicts a theorem, by {listing(parts)}. The theorem is proved, so the harness is "
        "at fault, or a family that is not what it says, and no number of this report should be trusted."
    )


def _unfinished(totals: TotalsEntry) -> list[str]:
    if totals["complete"]:
        return []
    return [
        f"Incomplete: {number(totals['recorded'])} of {plural(totals['planned'], 'planned trial')} are on record, and "
        "what follows counts these."
    ]


def _unsettled(totals: TotalsEntry) -> list[str]:
    count = totals["undecided"]
    if not count:
        return []
    return [
        f"Undecided: {plural(count, 'verdict')} could not be settled and {'counts' if count == 1 else 'count'} as no "
        "success, so that more may be right than is said here."
    ]


def _barrier(summary: Summary, left: Collection[str]) -> list[str]:
    """What became of right answers that exist; families that are `left` to their stories take no part."""
    whole = [cell for cell in summary["cells"] if cell["recorded"] and cell["family"] not in left]
    cells = [cell for cell in whole if not too_wide(cell, summary["cells"])]
    alike = [cell for cell in cells if coupled(cell) and not cell["universal"] and cell["one_answer"]]
    if alike:
        return [_alike(alike, [cell for cell in cells if cell["bound"]["applies"] and not cell["universal"]])]
    if cells and not any(map(halted, cells)):
        return [_nothing(cells)]
    tested = [cell for cell in whole if cell["test"] is not None]
    if any(not told_apart(cell) or cell["universal"] for cell in tested):
        return [_tested(tested, summary["method"]["level"])]
    free = [cell for cell in cells if unobstructed(cell) and halted(cell)]
    return [_free(free)] if free else []


_EXISTS = (
    "{Things} provably exist, yet no algorithm that reads only what {inputs} share finds them on the {worse} one with "
    "probability above {bound} (a theorem){here}: {seen}, and {best}."
)
"""What exists and is not found by whoever reads no further; and what was seen of it."""
_PLACES = {
    True: ("two inputs", "worse", "1/2"),
    False: ("several inputs", "worst", "the bound"),
}
"""How inputs and the bound are written, by whether two inputs exclude each other everywhere."""
_SEEN = {
    "two": "of {answers} given to two inputs that look alike none was right on both",
    "several": "of {answers} given to several inputs that look alike none was right on two",
    "some": "{answers} went each to inputs that look alike and have no right answer in common",
}
"""What became of answers given to inputs that look alike: two everywhere, more of them, or some with common answers."""


_NAMED = 3
"""How many kinds of outputs a headline names one by one."""


def _alike(alike: Sequence[CellEntry], bounded: Sequence[CellEntry]) -> str:
    """What came of the cells in which all runs read the same from every input, and of such runs in all cells."""
    names = list(dict.fromkeys(cell["algorithm_name"] for cell in alike))
    kinds = list(dict.fromkeys(cell["outputs"] for cell in alike))
    things = listing(kinds) if len(kinds) <= _NAMED else "right answers"
    best = max(alike, key=lambda cell: (rate_of(cell["smallest"]) - bound_of(cell), -cell["cell"]))
    low, high = best["smallest"]["interval"]
    few = high - low > _WIDE
    share = _of(best["smallest"]["successes"], best["recorded"])
    places = _PLACES[_two_everywhere([*alike, *bounded])]
    answers = plural(sum(cell["one_answer"] for cell in bounded), "answer")
    how_often = f"{share}, 95% interval {interval_text((low, high))}" if few or len(alike) == 1 else share
    who = names[0] if len(names) == 1 else f"the best of {number(len(names))} algorithms"
    told = f"{who} was right on its worst input in {how_often}"
    if len({round(bound_of(cell), 12) for cell in alike}) > 1:
        # Where bounds differ, others may be right more often: what is told is the one that comes closest to its own.
        any_of = names[0] if len(names) == 1 else f"any of {number(len(names))} algorithms"
        told = f"the closest that {any_of} came to its bound, {fraction_text(bound_of(best))}, is {how_often} on its "
        told += "worst input"
    return _EXISTS.format(
        **dict(zip(("inputs", "worse", "bound"), places, strict=True)),
        Things=f"{things[0].upper()}{things[1:]}",
        here="; the few trials agree" if few else "",
        seen=_SEEN[_alike_how([*alike, *bounded])].format(answers=answers),
        best=told,
    )


def _alike_how(cells: Sequence[CellEntry]) -> str:
    if any(cell["bound"]["breadth"] != cell["bound"]["exclusive_inputs"] for cell in cells):
        return "some"
    return "two" if _two_everywhere(cells) else "several"


def _two_everywhere(cells: Iterable[CellEntry]) -> bool:
    return all(cell["bound"]["breadth"] == len(cell["smallest"]["over"]) == 2 for cell in cells)


def _of(successes: int, trials: int) -> str:
    return f"{number(successes)} of {plural(trials, 'trial')}"


def _nothing(cells: Iterable[CellEntry]) -> str:
    entries = [entry["statuses"] for cell in cells for entry in cell["by_input"].values()]
    bad = {name: sum(statuses[name] for statuses in entries) for name in STATUSES}
    parts = listing((f"{number(value)} {name}" for name, value in bad.items() if value), 5)
    return f"Nothing was found out: none of {plural(sum(bad.values()), 'outcome')} is an output ({parts})."


def _tested(cells: Sequence[CellEntry], level: float) -> str:
    if len(cells) > 1:
        apart = all(cell["bound"]["exclusive_inputs"] > 1 for cell in cells)
        exclusive = "with mutually exclusive inputs" if apart else "with inputs of which no answer serves all"
        return (
            f"In none of the {number(len(cells))} cells {exclusive} is the smallest success "
            f"probability significantly above its bound (exact tests, Holm-adjusted, level {level})."
        )
    (cell,) = cells
    least = cell["smallest"]
    return (
        f"{where(cell)} was right on its worst input ({listing(map(iota, least['attained_on']))}) in "
        f"{_of(least['successes'], cell['recorded'])}, 95% interval {interval_text(least['interval'])}: not "
        f"significantly above its bound {rounded(bound_of(cell))}."
    )


def _free(cells: Sequence[CellEntry]) -> str:
    right = [cell for cell in cells if cell["smallest"]["successes"] == cell["recorded"]]
    reason = "the inputs were told apart, or one answer serves them all"
    if len(cells) > 1:
        verb = "is" if len(right) == 1 else "are"
        return (
            f"Where {reason}, {number(len(right))} of {number(len(cells))} cells {verb} right in every trial on every "
            "input."
        )
    least = cells[0]["smallest"]
    return (
        f"{where(cells[0])} was right on every input in {_of(least['successes'], cells[0]['recorded'])}: {reason}, so "
        "that no bound stands in its way."
    )


def _change(summary: Summary) -> list[str]:
    """Where success changes: along an axis or between two inputs, whichever the experiment shows first."""
    found = next(iter(falls(summary)), None)
    if found is not None:
        return [_fall(found)]
    step = next(iter(staircases(summary)), None)
    if step is not None:
        return [_step(step)]
    contrast = next(iter(contrasts_of_inputs(summary)), None)
    return [] if contrast is None else [_contrast(contrast)]


def _fall(found: Fall) -> str:
    low, high = rate_of(found.lowest["smallest"]), rate_of(found.highest["smallest"])
    often = "all trials" if low == 1 else f"at least {percent_at_least(low)} of trials"
    seldom = "none" if high == 0 else f"at most {percent_at_most(high)}"
    symbol, one = found.axis["symbol"], found.algorithms == 1
    subject = (
        f"{plural(found.algorithms, 'algorithm')} {'is' if one else 'are'} right in {often} on each input"
    )
    if found.at_one_place:
        placed = (
            f"{subject} at {symbol} = {range_of(found.before)} ({found.axis['words']}), and in {seldom} on the worse "
            f"at {symbol} = {range_of(found.after)}"
        )
    else:
        placed = (
            f"{subject} where every trial told them apart, and in {seldom} on the worse where none did, in each of "
            f"{number(len(found.lines))} series along {symbol} ({found.axis['words']}) at a place of its own"
        )
    also = (
        f"; {number(found.others)} more series {_has(found.others)} no fall as clear" if found.others else ""
    )
    return f"Success falls where the digits that are read end: {placed}{also}."


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _step(step: Staircase) -> str:
    easiest, hardest = (
        _of(cell["smallest"]["successes"], cell["recorded"]) for cell in (step.easiest, step.hardest)
    )
    symbol = step.axis["symbol"]
    words = "; ".join(filter(None, (step.axis["words"], step.fixed)))
    return (
        f"With {symbol} = {range_of(step.before)} ({words}), where one answer serves every input or they were told "
        f"apart, the best algorithm is right in {easiest}; with {symbol} = {range_of(step.after)}, where no answer "
        f"serves them all and no trial told them apart, in {hardest} on its worst input."
    )


def _contrast(found: Contrast) -> str:
    trials = found.cell["recorded"]
    return (
        f"{where(found.cell)} is right on {iota(found.high)} in {_of(found.successes(found.high), trials)} and on "
        f"{iota(found.low)} in {number(found.successes(found.low))}."
    )


def _flags(summary: Summary) -> list[str]:
    told = flags_told(summary)
    return [told] if told and any(cell["bound"]["applies"] for cell in summary["cells"]) else []
