"""What a comparison says, in sentences and as a table."""

from __future__ import annotations

from analysis.statistics.bound_test import LEVEL
from analysis.tables.table import Entry, Table
from analysis.wording import fraction, iota, number, p_text, percent, plural
from onehalf.comparing.pairs import Compared, Comparison


def comparison_sentences(found: Comparison) -> list[str]:
    """Return what was found, first of all in how many comparisons which directory is better."""
    first, second = found.directories
    wins = [sum(row.better == side for row in found.rows) for side in (1, 2)]
    total = len(found.rows)
    sentences = []
    if total:
        pairs = len({row.cells for row in found.rows})
        none = number(total - sum(wins))
        sentences.append(
            f"{plural(total, 'comparison')} ({plural(pairs, 'pair')} of cells, input by input): {first} succeeds more "
            f"often in {number(wins[0])}, {second} in {number(wins[1])}; in {none} the trials do not tell them apart "
            f"(exact McNemar tests, Holm's adjustment, level {LEVEL:g})."
        )
        sentences.append(_coins(found))
        largest = max(found.rows, key=lambda row: abs(row.only_first - row.only_second) / row.trials)
        if largest.only_first != largest.only_second:
            sentences.append(_largest(found, largest))
    if found.stopping:
        sentences.append(
            f"{plural(found.stopping, 'pair')} of cells may stop early, so that the number of trials depends on how "
            "they came out; the exact test is for a number fixed in advance, and leaves them out."
        )
    if found.empty:
        sentences.append(
            f"Left out without a trial of one number in both: {plural(found.empty, 'pair')} of cells."
        )
    for directory, count in zip(found.directories, found.alone, strict=True):
        if count:
            sentences.append(f"Left out of {directory}: {plural(count, 'cell')} without a counterpart.")
    return sentences


def _coins(found: Comparison) -> str:
    same = sum(row.same_coins for row in found.rows)
    if same == len(found.rows):
        return (
            "Trials of equal number had the same coins in both, so that neither had the luckier ones; sources, "
            "budgets, time and versions of libraries may differ."
        )
    if same:
        return (
            f"In {number(same)} of {number(len(found.rows))} comparisons trials of equal number had the same coins; in "
            "the others they are independent, and the test is as valid, though less sharp."
        )
    return "Trials of equal number had independent coins: the test is valid, and no sharper than one of two samples."


def _largest(found: Comparison, row: Compared) -> str:
    ahead, behind = (0, 1) if row.only_first > row.only_second else (1, 0)
    counts = row.both + row.only_first, row.both + row.only_second
    who = " and ".join(dict.fromkeys(row.algorithms))
    return (
        f"The largest difference: {who} on {iota(row.input)}, {row.where}: "
        f"{fraction(counts[ahead], row.trials)} in {found.directories[ahead]}, "
        f"{fraction(counts[behind], row.trials)} in {found.directories[behind]} (adjusted p = {p_text(row.p_holm)})."
    )


def comparison_table(found: Comparison) -> Table:
    """Return a row for each comparison."""
    headings = ["algorithm", "setting", "input", "first", "second", "only first", "only second"]
    headings += ["adjusted p", "more often"]
    return Table("comparison", "Every comparison", "", headings, [_row(row) for row in found.rows])


def _row(row: Compared) -> list[Entry]:
    first, second = row.both + row.only_first, row.both + row.only_second
    return [
        Entry(" / ".join(dict.fromkeys(row.algorithms)), row.algorithms[0]),
        Entry(row.where, row.where),
        Entry(iota(row.input), row.input),
        Entry(fraction(first, row.trials), row.shares[0], percent(row.shares[0])),
        Entry(fraction(second, row.trials), row.shares[1], percent(row.shares[1])),
        Entry(number(row.only_first), float(row.only_first)),
        Entry(number(row.only_second), float(row.only_second)),
        Entry(p_text(row.p_holm), row.p_holm),
        Entry(("–", "first", "second")[row.better], float(row.better)),
    ]
