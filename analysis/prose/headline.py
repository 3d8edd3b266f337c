"""The headline: what an experiment found, in two or three sentences, whatever was run and however it came out.

The sentences are about what was counted. Where no trial read past the coupling, no run is right on two exclusive
inputs, so that a smallest share above the bound would be a violation, and not chance.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from analysis.prose.findings import false_successes
from analysis.prose.series_findings import too_wide
from analysis.stability.findings import stability_headline
from analysis.stability.summary import FAMILY
from analysis.summary.changes import (
    Contrast,
    Step,
    contrasts_of_inputs,
    fall_along_e,
    range_of,
    steps_along_k,
)
from analysis.summary.counts import STATUSES
from analysis.summary.series import Cell, coupled, halted, told_apart, unobstructed
from analysis.wording import (
    interval_text,
    iota,
    listing,
    none_of,
    number,
    percent,
    plural,
    power,
    rounded,
    where,
)

Summary: TypeAlias = dict[str, Any]
_SENTENCES = 3
_WIDE = 0.3
"""Width of an interval from which on trials are few: what is proved is then told before what was seen."""
_SUBJECTS = {"training": "networks", "linear-program": "solutions of linear programs"}
_KINDS = {
    "double_accepted": (
        "run that was accepted on two mutually exclusive inputs",
        "runs that were accepted on two mutually exclusive inputs",
    ),
    "above_bound": (
        "cell whose smallest success probability is significantly above its bound",
        "cells whose smallest success probability is significantly above its bound",
    ),
    "below_guarantee": (
        "certificate below what the instability theorem guarantees",
        "certificates below what the instability theorem guarantees",
    ),
}


def headline(summary: Summary) -> list[str]:
    """What was found, the most important first; a contradiction to a theorem is all that is said where there is one."""
    totals = summary["totals"]
    if summary["violations"]:
        return [_violated(summary["violations"])]
    if not totals["recorded"]:
        return [f"No trial is on record yet, of {plural(totals['planned'], 'planned trial')}."]
    found = [
        *_barrier(summary),
        *_change(summary),
        *stability_headline(summary),
        *_flags(summary),
    ]
    return [*_unfinished(totals), *_failed(summary), *found[:_SENTENCES], *_unsettled(totals)]


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


def _violated(violations: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for kind, (one, many) in _KINDS.items():
        members = [violation for violation in violations if violation["kind"] == kind]
        if members:
            count = len(members) if kind == "above_bound" else sum(member["trials"] for member in members)
            cells = listing((str(member["cell"]) for member in members), 6)
            parts.append(f"{plural(count, one, many)} (cell {cells})")
    return (
        f"Defect: this experiment contradicts a theorem, by {listing(parts)}. The theorem is proved, so the harness is "
        "at fault, and no number of this report should be trusted."
    )


def _unfinished(totals: Mapping[str, Any]) -> list[str]:
    if totals["complete"]:
        return []
    return [
        f"Incomplete: {number(totals['recorded'])} of {plural(totals['planned'], 'planned trial')} are on record, and "
        "what follows counts these."
    ]


def _unsettled(totals: Mapping[str, Any]) -> list[str]:
    count = totals["undecided"]
    if not count:
        return []
    return [
        f"Undecided: {plural(count, 'verdict')} could not be settled and {'counts' if count == 1 else 'count'} as no "
        "success, so that more may be right than is said here."
    ]


def _barrier(summary: Summary) -> list[str]:
    """What became of right answers that exist, in the cells that are not about stability."""
    cells = [cell for cell in summary["cells"] if cell["recorded"] and cell["family"] != FAMILY]
    cells = [cell for cell in cells if not too_wide(cell, summary["cells"])]
    alike = [cell for cell in cells if coupled(cell) and not cell["universal"] and cell["one_answer"]]
    if alike:
        return [_alike(alike, [cell for cell in cells if cell["bound"]["applies"]])]
    if cells and not any(map(halted, cells)):
        return [_nothing(cells)]
    tested = [cell for cell in cells if cell["test"] is not None and not told_apart(cell)]
    if tested:
        return [_tested(tested, summary["method"]["level"])]
    free = [cell for cell in cells if unobstructed(cell) and halted(cell)]
    return [_free(free)] if free else []


def _alike(alike: Sequence[Cell], bounded: Sequence[Cell]) -> str:
    """What came of the cells in which all runs read the same from every input, and of such runs in all cells."""
    names = list(dict.fromkeys(cell["algorithm_name"] for cell in alike))
    things = listing(dict.fromkeys(_SUBJECTS.get(cell["family"], "right answers") for cell in alike))
    several = len(names) > 1
    finds = f"{none_of(len(names), 'algorithms')} finds" if several else f"{names[0]} does not find"
    half = all(cell["bound"]["exclusive_inputs"] == 2 for cell in alike)
    allowed = "half of the time" if half else "the bound allows"
    answers = sum(cell["one_answer"] for cell in bounded)
    two = all(cell["bound"]["exclusive_inputs"] == 2 for cell in bounded)
    best = max(alike, key=lambda cell: (cell["smallest"]["rate"] - cell["bound"]["value"], -cell["cell"]))
    low, high = best["smallest"]["interval"]
    few = high - low > _WIDE
    interval = f", 95% interval {interval_text((low, high))}" if len(alike) == 1 or few else ""
    subject = "the best algorithm" if several else names[0] if few else "it"
    begin = f"{things[0].upper()}{things[1:]}"
    if few:
        stated = (
            f"{begin} exist that no algorithm finds more than {allowed} (a theorem); the few trials agree"
        )
    else:
        stated = f"{begin} provably exist that {finds} more than {allowed}"
    return (
        f"{stated}: of "
        f"{plural(answers, 'answer')} given to {'two' if two else 'several'} inputs that look alike, none was right on "
        f"{'both' if two else 'two'}, and {subject} was right on its worst input in "
        f"{_of(best['smallest']['successes'], best['recorded'])}{interval}."
    )


def _of(successes: int, trials: int) -> str:
    return f"{number(successes)} of {plural(trials, 'trial')}"


def _nothing(cells: Iterable[Cell]) -> str:
    entries = [entry["statuses"] for cell in cells for entry in cell["by_input"].values()]
    bad = {name: sum(statuses[name] for statuses in entries) for name in STATUSES}
    parts = listing((f"{number(value)} {name}" for name, value in bad.items() if value), 5)
    return f"Nothing was found out: none of {plural(sum(bad.values()), 'outcome')} is an output ({parts})."


def _tested(cells: Sequence[Cell], level: float) -> str:
    if len(cells) > 1:
        return (
            f"In none of the {number(len(cells))} cells with mutually exclusive inputs is the smallest success "
            f"probability significantly above its bound (exact tests, Holm-adjusted, level {level})."
        )
    (cell,) = cells
    least = cell["smallest"]
    return (
        f"{where(cell)} was right on its worst input ({listing(map(iota, least['attained_on']))}) in "
        f"{_of(least['successes'], cell['recorded'])}, 95% interval {interval_text(least['interval'])}: not "
        f"significantly above its bound {rounded(cell['bound']['value'])}."
    )


def _free(cells: Sequence[Cell]) -> str:
    right = [cell for cell in cells if cell["smallest"]["successes"] == cell["recorded"]]
    reason = "the inputs were told apart, or one answer serves them all"
    if len(cells) > 1:
        return f"Where {reason}, {number(len(right))} of {len(cells)} cells are right in every trial on every input."
    least = cells[0]["smallest"]
    return (
        f"{where(cells[0])} was right on every input in {_of(least['successes'], cells[0]['recorded'])}: {reason}, so "
        "that no bound stands in its way."
    )


def _change(summary: Summary) -> list[str]:
    """Where success changes: along e, along K, or between two inputs, whichever the experiment shows first."""
    fall = fall_along_e(summary)
    if fall is not None:
        low, high = fall.lowest["smallest"]["rate"], fall.highest["smallest"]["rate"]
        often = "all trials" if low == 1 else f"at least {percent(low)} of trials"
        seldom = "none" if high == 0 else f"at most {percent(high)}"
        return [
            f"Success falls where the digits that are read end: {plural(fall.algorithms, 'algorithm')} "
            f"{'is' if fall.algorithms == 1 else 'are'} right in {often} on each input where these are "
            f"{_apart(fall.before)} apart, and in {seldom} on the worse where they are {_apart(fall.after)} apart."
        ]
    steps = steps_along_k(summary)
    if steps:
        return [_step(steps[0])]
    contrasts = contrasts_of_inputs(summary)
    return [_contrast(contrasts[0])] if contrasts else []


def _apart(cells: Iterable[Cell]) -> str:
    """How far the inputs differ, such as "2⁻⁴⁶ to 2⁻⁵²"."""
    exponents = {int(cell["parameters"]["exponent"]) for cell in cells}
    ends = dict.fromkeys((power(2, -min(exponents)), power(2, -max(exponents))))
    return " to ".join(ends)


def _step(step: Step) -> str:
    easiest, hardest = (
        _of(cell["smallest"]["successes"], cell["recorded"]) for cell in (step.easiest, step.hardest)
    )
    return (
        f"With K = {range_of(step.before, 'digits')} correct digits, where one answer serves every input or they were "
        f"told apart, the best algorithm is right in {easiest}; with K = {range_of(step.after, 'digits')}, where the "
        f"answers exclude each other, in {hardest} on its worst input."
    )


def _contrast(found: Contrast) -> str:
    trials = found.cell["recorded"]
    return (
        f"{where(found.cell)} is right on {iota(found.high)} in {_of(found.successes(found.high), trials)} and on "
        f"{iota(found.low)} in {number(found.successes(found.low))}."
    )


def _flags(summary: Summary) -> list[str]:
    false, rejected = false_successes(summary)
    if not rejected or not any(cell["bound"]["applies"] for cell in summary["cells"]):
        return []
    return [
        f"Of {plural(rejected, 'rejected output')} of algorithms that report convergence, {number(false)} "
        f"({percent(false / rejected)}) {'was' if false == 1 else 'were'} reported as converged."
    ]
