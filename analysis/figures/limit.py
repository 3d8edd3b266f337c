"""The figures of the universal half: success on the limit ι⁰ against success beside it, and what k answers allow."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TypeAlias

from matplotlib.axes import Axes

from analysis.figures.short_names import short_names
from analysis.figures.style import FORBIDDEN, GREY, INK, Look, axes, legend, looks, plain_powers, points
from analysis.statistics.theorems import bound_value
from analysis.story import Panel
from analysis.summary.schema import AxisEntry, CellEntry, Summary, UniversalEntry
from analysis.summary.series import axes_of, bound_of, group, rate_of, value_along, worst_exclusive
from analysis.wording import fraction, listing, rounded, setting

FRONTIER_CAPTION = (
    "Cells in which the limit ι⁰ is a member. Across: the share of trials that succeeded on ι⁰; upwards: "
    "on the worst of the inputs that converge to it, with 95% intervals. Where an answer for ι⁰ is wrong "
    "nearby (Theorem 2) no algorithm is above the line p₀ + p = 1; where ι⁰ only asks to halt (Theorem 3) "
    "the line is p = p₀/k + 1 − p₀; other limits have the line of their limit game. That is about the worst of all "
    "inputs: at one e who reads further, or answers by chance rightly on more, may be above by the share u of such "
    "trials. An algorithm that hedges with probability q lies on the line for each q. The star is the best smallest "
    "success probability there is: ½, k/(2k − 1), or the game's."
)
_ANSWERS = (
    "Success on the worst input where one of {k} answers must be named. Lower line: 1/{k}, for algorithms "
    "that halt or are told nothing more (Theorem 1); upper line: {k}/(2{k} − 1), for algorithms that may fail "
    "to halt on ι⁰ (Theorem 3). Both are attained, within the 95% intervals shown."
)
BUDGET_CAPTION = (
    "Success on ι⁰ against the digits that a run may read before it is recorded as not having halted. If "
    "a run that did not halt had merely been stopped too early, success would rise with the budget. It "
    "stays where it is."
)
AMPLIFY_CAPTION = (
    "Smallest success probability against the number of repetitions inside one algorithm: best of several "
    "runs, majority of several runs. For a decision problem repetition drives an error of 1/3 to 0. Here "
    "it cannot: the bound (black) holds for the repeated algorithm, too."
)
_WIDE = 4.4
Limited: TypeAlias = tuple[CellEntry, UniversalEntry]
"""A cell in which the limit is a member, and what that adds."""


def limit_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The first panel, and what it is about."""
    return 0, "Success on the limit ι⁰ against success beside it, and the bound."


def limit_frontier(summary: Summary) -> list[Panel]:
    """A panel for each family, number of answers and oracle with the limit as a member."""
    cells = _with_limit(summary)
    table = looks(cell["algorithm_name"] for cell, _ in cells)
    kinds: dict[tuple[str, str, float, str], list[Limited]] = {}
    for cell, found in cells:
        key = cell["family"], cell["theorem"], cell["bound"]["breadth"], cell["oracle"]
        kinds.setdefault(key, []).append((cell, found))
    return [_frontier(*kind, members, table) for kind, members in kinds.items()]


def _with_limit(summary: Summary) -> list[Limited]:
    """The cells in which the limit is a member, with what it adds."""
    return [(cell, cell["universal"]) for cell in summary["cells"] if cell["universal"] and cell["recorded"]]


def _frontier(
    family: str, theorem: str, k: float, oracle: str, cells: Sequence[Limited], table: Mapping[str, Look]
) -> Panel:
    best, weight = cells[0][1]["ceiling"], cells[0][1]["limit_weight"]
    told = {"3": f", k = {k:g}", "4": f", bound {rounded(best)}"}.get(theorem, "")
    title = f"{family}, {oracle} oracle{told}"
    figure, area = axes(title, "success on ι⁰", "success on the worst other input", _WIDE, 4.0)
    _unit(area)
    # weight·p₀ + (1 − weight)·p ≤ best: above this line no algorithm is
    across = [i / 200 for i in range(201)]
    line = [min(1.0, (best - weight * p) / (1 - weight)) for p in across]
    area.fill([*across, 1, 0], [*line, 1, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot(across, line, color=INK, linewidth=1, zorder=1)
    area.plot([best], [best], marker=(5, 1, 0), color="none", markeredgecolor=INK, markersize=11, zorder=1)
    area.text(0.99, 0.99, "no algorithm", ha="right", va="top", fontsize=8, color=GREY)
    texts = []
    for name in dict.fromkeys(cell["algorithm_name"] for cell, _ in cells):
        members = [(cell, found) for cell, found in cells if cell["algorithm_name"] == name]
        limits = [cell["by_input"][found["limit"]] for cell, found in members]
        others = [worst_exclusive(cell) for cell, _ in members]
        points(area, [rate_of(entry) for entry in limits], others, table[name], name, across=limits)
        texts += [
            f"{cell['algorithm']} {fraction(limit['successes'], cell['recorded'])} on ι⁰ and "
            f"{fraction(other['successes'], cell['recorded'])} on the worst other input"
            for (cell, _), limit, other in zip(members, limits, others, strict=True)
        ]
    legend(area)
    return Panel(
        title, f"Success on ι⁰ against success on the worst other input. {'; '.join(texts)}.", figure
    )


def _unit(area: Axes) -> None:
    area.set_xlim(-0.04, 1.04)
    area.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])
    area.set_aspect("equal")


def answers_title(summary: Summary) -> str:
    """The heading of `answers`: what the theorems allow."""
    k = _letter(summary)
    return f"1/{k} and {k}/(2{k} − 1)"


def answers_caption(summary: Summary) -> str:
    """How to read `answers`."""
    return _ANSWERS.format(k=_letter(summary))


def _letter(summary: Summary) -> str:
    """How the number of answers is written."""
    return next((axis["symbol"] for axis in _answer_axes(summary)), "k")


def _answer_axes(summary: Summary) -> list[AxisEntry]:
    """The axes of answers along which there are cells to draw."""
    return axes_of([cell for _, cell in _counted(summary)], "answers")


def _counted(summary: Summary) -> list[tuple[int, CellEntry]]:
    """The cells along an axis of answers that no run has left by reading on, each with its number of answers.

    Where these do not all exclude each other, or are not as many as the axis says, the bound is another.
    """
    return [
        (value, cell)
        for cell in summary["cells"]
        if cell["recorded"] and not _told_apart(cell)
        for axis in cell["axes"]
        if axis["kind"] == "answers" and (value := value_along(cell, axis))
        if cell["bound"]["breadth"] == value == cell["bound"]["exclusive_inputs"]
    ]


def answers(summary: Summary) -> list[Panel]:
    """Success against k, with and without the limit, where k takes two or more values; the best algorithm at each k."""
    cells, letter = _counted(summary), _letter(summary)
    ks = sorted({k for k, _ in cells})
    if len(ks) < 2:
        return []
    words = list(dict.fromkeys(axis["words"] for axis in _answer_axes(summary)))
    title = f"{letter} {listing(words)}"
    figure, area = axes(fill(title, 48), f"{letter}, number of answers", "smallest success", _WIDE, 3.4)
    area.set_xticks(ks)
    names = {"1": f"halting: 1/{letter}", "3": f"not always halting: {letter}/(2{letter} − 1)"}
    table = looks(names.values())
    texts = []
    for theorem, name in names.items():
        members = [(k, cell) for k, cell in cells if cell["theorem"] == theorem]
        if not members:
            continue
        area.plot(ks, [bound_value(theorem, k, 0.0) for k in ks], color=table[name].colour, linewidth=1)
        reached = sorted({k for k, _ in members})
        best = [
            max((c for at, c in members if at == k), key=lambda c: rate_of(c["smallest"])) for k in reached
        ]
        points(area, reached, [cell["smallest"] for cell in best], table[name], name)
        texts += [
            f"{letter} = {k}, Theorem {theorem}: {fraction(cell['smallest']['successes'], cell['recorded'])} "
            f"({cell['algorithm']}), bound {rounded(bound_value(theorem, k, 0.0))}"
            for k, cell in zip(reached, best, strict=True)
        ]
    legend(area, 1)
    return [Panel(title, "; ".join(texts) + ".", figure)]


def _told_apart(cell: CellEntry) -> bool:
    return bool(cell["theorem"] == "1" and cell["over_reading"]["count"])


def budget(summary: Summary) -> list[Panel]:
    """Success on ι⁰ against the digit budget, for algorithms run with three budgets or more."""
    kinds: dict[tuple[str, str, str], dict[str, list[tuple[int, Limited]]]] = {}
    for cell, found in _with_limit(summary):
        if cell["digit_budget"]:
            lines = kinds.setdefault((cell["family"], cell["oracle"], _everything(cell)), {})
            lines.setdefault(cell["algorithm"], []).append((cell["digit_budget"], (cell, found)))
    panels = []
    for (family, oracle, _), lines in kinds.items():
        stepped = {name: line for name, line in lines.items() if len({most for most, _ in line}) >= 3}
        if stepped:
            panels.append(_budget(f"{family}, {oracle} oracle", stepped))
    return panels


def _everything(cell: CellEntry) -> str:
    return setting(cell["parameters"], cell["axes"], cell["parameters"])


def _budget(title: str, lines: Mapping[str, Sequence[tuple[int, Limited]]]) -> Panel:
    figure, area = axes(title, "digit budget of a run", "success on ι⁰", _WIDE, 3.4)
    area.set_xscale("log")
    plain_powers(area.xaxis)
    table = looks(lines)
    # The budget runs along the axis.
    short = short_names({**line[0][1][0], "budget": ""} for line in lines.values())
    texts = []
    for name, line in lines.items():
        ordered = sorted(line, key=lambda placed: placed[0])
        xs = [most for most, _ in ordered]
        entries = [cell["by_input"][found["limit"]] for _, (cell, found) in ordered]
        area.plot(xs, [rate_of(entry) for entry in entries], color=table[name].colour, linewidth=0.8)
        points(area, xs, entries, table[name], short[name])
        counts = [
            f"{most}: {fraction(entry['successes'], cell['recorded'])}"
            for entry, (most, (cell, _)) in zip(entries, ordered, strict=True)
        ]
        texts.append(f"{name}, by budget: {', '.join(counts)}")
    legend(area)
    return Panel(title, "; ".join(texts) + ".", figure)


def amplification(summary: Summary) -> list[Panel]:
    """Smallest success against the number of repetitions, for algorithms that repeat an inner one."""
    cells = [
        cell
        for cell in summary["cells"]
        if cell["recorded"] and cell["bound"]["applies"] and "inner" in cell["algorithm_parameters"]
    ]
    kinds = group(cells, lambda c: (c["family"], c["oracle"], _everything(c), c["budget"]))
    panels = []
    for (family, oracle, _, most), members in kinds.items():
        lines: dict[str, list[tuple[int, CellEntry]]] = {}
        for (kind, inner), like in group(members, _inner).items():
            counted = sorted(
                (n, i) for i, cell in enumerate(like) if (n := _repetitions(like, cell)) is not None
            )
            if len({n for n, _ in counted}) >= 3:
                lines[f"{kind} of {inner}"] = [(n, like[i]) for n, i in counted]
        if not lines:
            continue
        title = ", ".join(part for part in (family, f"{oracle} oracle", most) if part)
        figure, area = axes(title, "repetitions", "smallest success", _WIDE, 3.4)
        area.set_xscale("log", base=2)
        plain_powers(area.xaxis, 2)
        table = looks(lines)
        area.axhline(bound_of(lines[next(iter(lines))][0][1]), color=INK, linewidth=1)
        for name, line in lines.items():
            points(area, [n for n, _ in line], [cell["smallest"] for _, cell in line], table[name], name)
        ticks = sorted({n for line in lines.values() for n, _ in line})
        area.set_xticks(ticks, [str(n) for n in ticks])
        legend(area, 1)
        texts = [
            f"{name}: "
            + ", ".join(f"{n} times {fraction(c['smallest']['successes'], c['recorded'])}" for n, c in line)
            for name, line in lines.items()
        ]
        panels.append(Panel(title, "; ".join(texts) + ".", figure))
    return panels


def _inner(cell: CellEntry) -> tuple[str, str]:
    return cell["algorithm_name"], str(cell["algorithm_parameters"]["inner"])


def _repetitions(line: Sequence[CellEntry], cell: CellEntry) -> int | None:
    """The one whole-number parameter that varies within a line of cells; None unless there is exactly one."""
    varied = [
        name
        for name, value in cell["algorithm_parameters"].items()
        if isinstance(value, int)
        and not isinstance(value, bool)
        and len({str(c["algorithm_parameters"].get(name)) for c in line}) > 1
    ]
    return int(cell["algorithm_parameters"][varied[0]]) if len(varied) == 1 else None
