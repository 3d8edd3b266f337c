"""The findings: plain sentences, each made from the numbers of a summary and from nothing else.

A finding is a function of the summary that returns sentences, none where its data are missing. What is said about
series of cells is in `series_findings`, about rules and barriers in `rule_findings`; what families add comes of
their stories.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten
from typing import TypeAlias

from analysis.prose.competence_findings import competent
from analysis.prose.rule_findings import barriers, stopped
from analysis.prose.series_findings import contrasts, controls, fall, over_reading, staircase, too_wide, width
from analysis.story import Story
from analysis.summary.counts import FAILED
from analysis.summary.schema import CellEntry, FindingEntry, Summary
from analysis.summary.series import bound_of, halted, rate_of
from analysis.wording import (
    fraction,
    fraction_text,
    iota,
    listing,
    number,
    p_text,
    percent,
    percent_at_least,
    plural,
    where,
)

Find: TypeAlias = Callable[[Summary], list[str]]
_NOTE = 160
"""Characters of a failed run's text that a finding quotes."""


def progress(summary: Summary) -> list[str]:
    """What is not yet known."""
    totals = summary["totals"]
    if totals["complete"]:
        return []
    return [
        f"The run is incomplete: {number(totals['recorded'])} of "
        f"{plural(totals['planned'], 'planned trial')} are on record, and "
        f"{number(totals['incomplete_cells'])} of {plural(totals['cells'], 'cell')} lack some. What follows "
        "counts the recorded trials, and may change."
    ]


def pathwise(summary: Summary) -> list[str]:
    """Whether a single run was right on two exclusive inputs, which Theorem 1 excludes run by run."""
    cells = [cell for cell in summary["cells"] if cell["bound"]["exclusive_inputs"] > 1]
    shared = sum(cell["one_answer"] for cell in cells)
    double = [cell for cell in cells if cell["double_accepted"]]
    if double:
        total = sum(cell["double_accepted"] for cell in double)
        return [
            f"Defect: {plural(total, 'run')} that served mutually exclusive inputs at once "
            f"{'was' if total == 1 else 'were'} accepted on two of them (cell "
            f"{listing((str(cell['cell']) for cell in double), 8)}). Theorem 1 excludes this for every "
            "single run, so the harness is at fault, or a family that is not what it says, and no number of this "
            "report should be trusted."
        ]
    if not shared:
        return []
    return [
        f"Run by run: {plural(shared, 'run')} gave one answer to mutually exclusive inputs; none was accepted on "
        "two of them."
    ]


def bound(summary: Summary) -> list[str]:
    """Whether any cell lies above its bound."""
    tested = [(cell, cell["test"]) for cell in summary["cells"] if cell["test"] and cell["recorded"]]
    if not any(halted(cell) for cell, _ in tested):  # without an output there is nothing that could be above
        return []
    level = summary["method"]["level"]
    above = [(cell, test) for cell, test in tested if test["above_bound"]]
    if above:
        names = listing(
            (f"{where(cell)} (adjusted p = {p_text(test['p_adjusted'])})" for cell, test in above), 6
        )
        return [
            f"Defect: in {number(len(above))} of {plural(len(tested), 'cell')} the smallest success "
            f"probability is significantly above its bound (level {level}, Holm-adjusted): {names}. The "
            "bound is a theorem, so the harness is at fault, or a family that is not what it says."
        ]
    least = min(test["p_adjusted"] for _, test in tested)
    tail = f"(exact tests, Holm-adjusted, level {level}; least adjusted p = {p_text(least)})."
    apart = all(cell["bound"]["exclusive_inputs"] > 1 for cell, _ in tested)
    exclusive = "with mutually exclusive inputs" if apart else "with inputs of which no answer serves all"
    if len(tested) == 1:
        return [
            f"The bound: in the one cell {exclusive} the smallest success probability is not significantly "
            f"above its bound {tail}"
        ]
    return [
        f"The bound: in none of the {number(len(tested))} cells {exclusive} is success significantly above the cell's "
        f"own bound {tail}"
    ]


def attained(summary: Summary) -> list[str]:
    """How close to the bound the best algorithm comes that never read past the coupling."""
    coupled = [
        cell
        for cell in summary["cells"]
        if cell["bound"]["applies"] and cell["recorded"] and not cell["over_reading"]["count"]
    ]
    if not any(cell["smallest"]["successes"] for cell in coupled):
        return []
    best = max(coupled, key=lambda cell: (rate_of(cell["smallest"]) - bound_of(cell), -cell["cell"]))
    bound = fraction_text(bound_of(best))
    found = (
        f"{fraction(best['smallest']['successes'], best['recorded'])} on "
        f"{listing(map(iota, best['smallest']['attained_on']))}."
    )
    if len(coupled) == 1:
        return [
            f"The best: {where(best)}, the one cell that never read past the coupling (bound {bound}): {found}"
        ]
    return [
        f"The best: of {number(len(coupled))} cells that never read past the coupling, {where(best)} comes closest "
        f"to its bound {bound}: {found}"
    ]


def false_successes(summary: Summary) -> tuple[int, int]:
    """Of the rejected outputs that came with an exit flag: those reported as converged, and all."""
    flags = [entry["claims"] for cell in summary["cells"] for entry in cell["by_input"].values()]
    false, true = (sum(found[claim]["rejected"] for found in flags) for claim in ("false", "true"))
    return true, false + true


def exit_flags(summary: Summary) -> list[str]:
    """How often algorithms said that they had converged on an output that was rejected."""
    told = flags_told(summary)
    return [f"Exit flags: {told[:1].lower()}{told[1:]}"] if told else []


def flags_told(summary: Summary) -> str:
    """What exit flags said of rejected outputs; empty where no rejected output came with one."""
    false, rejected = false_successes(summary)
    if not rejected:
        return ""
    return (
        f"Of {plural(rejected, 'rejected output')} that came with an exit flag, {number(false)} "
        f"({percent(false / rejected)}) {'was' if false == 1 else 'were'} reported as converged."
    )


def promises(summary: Summary) -> list[str]:
    """What promises to be right cost on inputs that look alike, of the cell with most of them.

    Of flags it is told for problems that are stated by their instances; `exit_flags` tells of those of any family.
    """
    made = [(cell, cell["promises"]) for cell in summary["cells"] if cell["promises"]]
    told = [(cell, found) for cell, found in made if found["by"] == "answer" or cell["bound"]["tier"]]
    kept = [(cell, found) for cell, found in told if found["promised"]["count"]]
    if not kept:
        return []
    cell, found = max(kept, key=lambda pair: (pair[1]["promised"]["count"], -pair[0]["cell"]))
    how = "reports success" if found["by"] == "flag" else "answers and does not abstain"
    promised, worst = found["promised"], found["worst"]
    return [
        f"False promises: where exclusive inputs look alike, {where(cell)} {how} in "
        f"{fraction(promised['count'], promised['of'])} trials. On one of the inputs that must be wrong in at least "
        f"{percent_at_least(found['least'] or 0.0)} of all trials (docs/problems.md, G8); on {iota(found['on'])} it is "
        f"in {fraction(worst['count'], worst['of'])}."
    ]


def abstentions(summary: Summary) -> list[str]:
    """How many outcomes are no answer, by choice."""
    entries = [entry["statuses"] for cell in summary["cells"] for entry in cell["by_input"].values()]
    count, total = (sum(e["abstained"] for e in entries), sum(sum(e.values()) for e in entries))
    if not count:
        return []
    return [
        f"Abstentions: in {number(count)} of {plural(total, 'outcome')} the algorithm gave no answer; they are never "
        "right and never wrong."
    ]


def failures(summary: Summary) -> list[str]:
    """What became of the runs that did not halt with an output."""
    cells = [cell for cell in summary["cells"] if not too_wide(cell, summary["cells"])]
    entries = [entry["statuses"] for cell in cells for entry in cell["by_input"].values()]
    total = sum(sum(statuses.values()) for statuses in entries)
    bad = {name: sum(statuses[name] for statuses in entries) for name in FAILED}
    sentences = []
    if any(bad.values()):
        parts = listing((f"{number(value)} {name}" for name, value in bad.items() if value), 5)
        note = _frequent_note(summary, cells)
        chosen = " or an abstention" if any(statuses["abstained"] for statuses in entries) else ""
        beside = ", beside those of controls that need other dimensions" if cells != summary["cells"] else ""
        sentences.append(
            f"Failures: of {plural(total, 'outcome')} (a trial on one input{beside}), {number(sum(bad.values()))} "
            f"did not halt with an output{chosen}: {parts}. Each stays in its denominator and counts as no success."
            + (f" The most frequent text is “{note}”." if note else "")
        )
        sentences += _always_failing(summary, cells)
    undecided = summary["totals"]["undecided"]
    if undecided:
        sentences.append(
            f"Undecided: {plural(undecided, 'verdict')} could not be settled exactly and "
            f"{'counts' if undecided == 1 else 'count'} as no success."
        )
    return sentences


def _frequent_note(summary: Summary, cells: Iterable[CellEntry]) -> str:
    """What the runs of these cells that failed said most often, cut short; empty if they said nothing."""
    numbers = {cell["cell"] for cell in cells}
    # A trial stands in the sample once for each input: its number of trials is to count once.
    kinds = {
        (row["cell"], row["status"], row["note"]): row["trials"]
        for row in summary["failures"]
        if row["cell"] in numbers and row["note"]
    }
    counts: Counter[str] = Counter()
    for (_, _, note), trials in kinds.items():
        counts[" ".join(note.split())] += trials
    return shorten(counts.most_common(1)[0][0], _NOTE, placeholder=" …") if counts else ""


def _always_failing(summary: Summary, cells: Iterable[CellEntry]) -> list[str]:
    """Say of each algorithm, in which cells it never halted with an output, and why."""
    failing: dict[str, list[CellEntry]] = {}
    for cell in cells:
        if cell["recorded"] and not halted(cell):
            failing.setdefault(cell["algorithm"], []).append(cell)
    sentences = []
    for algorithm, members in sorted(failing.items()):
        note = _frequent_note(summary, members)
        sentences.append(
            f"No output: in {plural(len(members), 'cell')} every trial of {algorithm} fails"
            + (f": “{note}”." if note else ".")
        )
    return sentences


def untold(summary: Summary) -> list[str]:
    """What is missing from this report because a family is not at hand."""
    return [
        f"Left out: what the family {listing(story['families'])} adds to a report, as {story['missing']}."
        for story in summary["stories"]
        if story["missing"]
    ]


BEFORE_STORIES: tuple[tuple[str, Find], ...] = (
    ("progress", progress),
    ("untold", untold),
    ("bound", bound),
    ("pathwise", pathwise),
    ("attained", attained),
    ("contrast", contrasts),
    ("fall", fall),
    ("barriers", barriers),
    ("depth", over_reading),
    ("competence", competent),
    ("controls", controls),
    ("width", width),
    ("staircase", staircase),
)
"""Kind and function of each finding that is told before those of stories, in order."""
AFTER_STORIES: tuple[tuple[str, Find], ...] = (
    ("stopped", stopped),
    ("exit_flags", exit_flags),
    ("promises", promises),
    ("abstentions", abstentions),
    ("failures", failures),
)
"""And of those told after them."""


def beyond_headline(summary: Summary) -> list[str]:
    """The findings that the headline does not tell in the same words."""
    told = {sentence.casefold() for sentence in summary["headline"]}
    texts = [item["text"] for item in summary["findings"]]
    return [text for text in texts if text.partition(": ")[2].casefold() not in told]


def findings(summary: Summary, stories: Sequence[Story] = ()) -> list[FindingEntry]:
    """The findings of a summary, with those of stories."""

    def told(kinds: Iterable[tuple[str, Find]]) -> list[FindingEntry]:
        return [{"kind": kind, "text": text} for kind, find in kinds for text in find(summary)]

    own: list[FindingEntry] = [
        {"kind": story.name, "text": text} for story in stories for text in story.findings(summary)
    ]
    return [*told(BEFORE_STORIES), *own, *told(AFTER_STORIES)]
