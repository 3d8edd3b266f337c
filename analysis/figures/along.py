"""Success along an axis: where inputs stop being told apart, and where more is asked for than one answer gives."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from textwrap import fill

from matplotlib.ticker import MaxNLocator

from analysis.figures.short_names import NOTE, short_names
from analysis.figures.style import Look, axes, lay_out, legend, looks, points
from analysis.figures.together import abreast, bounds_of, shade, together
from analysis.story import Panel
from analysis.summary.schema import Summary
from analysis.summary.series import Series, bound_of, series, ungridded
from analysis.wording import fraction, listing, plural

_FALL = (
    "Smallest success probability (on the worse of the coupled inputs) against {axes}, with 95% intervals. The black "
    "line is the bound, (1 + (k − 1)t)/k at the measured over-reading t for k inputs that exclude each other: 1 where "
    "every trial told them apart and 1/k where none did. Where the limit is an input or answers overlap it is that of "
    "the cell's own theorem or game; in a panel of several curves it is the largest of theirs. The shaded region is "
    "about probabilities: no algorithm's lies there, though by chance a measured share may. Points are set slightly "
    "apart sideways so that equal ones stay visible. Where there are several algorithms the first panel shows all of "
    "them under one oracle, those named together lying together, without intervals, which the algorithms' own panels "
    f"have. {NOTE}"
)
_STAIRCASE = (
    "Smallest success probability against {axes}, with 95% intervals. The black line is the bound: 1 as long as one "
    "answer serves all inputs; from the {symbols} on at which none does, for who reads no further than they are alike, "
    "1/k where k of them exclude each other, and where answers overlap the value of the game, computed exactly. An "
    "algorithm may fall earlier: where the answer that serves several inputs lies between their "
    "own, one that looks for some input's own answer, such as a vertex, does not give it. Points "
    "are set slightly apart sideways so that equal ones stay visible. Where a problem was asked in several ways with "
    f"other staircases, a panel before the others has these beside each other, without an algorithm. {NOTE}"
)


_WIDE = 44
"""Characters of a panel's title on one line."""


def fall_caption(summary: Summary) -> str:
    """How to read `fall_panels`."""
    return _caption(_FALL, _falling(summary))


def staircase_caption(summary: Summary) -> str:
    """How to read `staircase_panels`."""
    return _caption(_STAIRCASE, _demanding(summary))


def staircase_title(summary: Summary) -> str:
    """The heading of `staircase_panels`: what is asked for, where that is one thing."""
    words = list(dict.fromkeys(line.axis["words"] for line in _demanding(summary)))
    asked = words[0] if len(words) == 1 else "what is asked for"
    return f"{asked[:1].upper()}{asked[1:]} against success"


def _caption(text: str, lines: Sequence[Series]) -> str:
    named = list(dict.fromkeys(_label(line) for line in lines))
    symbols = list(dict.fromkeys(line.axis["symbol"] for line in lines))
    return text.format(axes=" or ".join(named), symbols=" or ".join(symbols))


def _falling(summary: Summary) -> list[Series]:
    return series(ungridded(summary["cells"]), "closeness", least=3)


def _demanding(summary: Summary) -> list[Series]:
    return series(ungridded(summary["cells"]), "demand", least=2)


def _label(line: Series) -> str:
    return f"{line.axis['symbol']}, {line.axis['words']}"


def fall_panels(summary: Summary) -> list[Panel]:
    """A panel for each algorithm with at least three values, a curve for each oracle; all together before them."""
    found = _falling(summary)
    return [*together(found), *_panels(found, by_algorithm=True)]


def staircase_panels(summary: Summary) -> list[Panel]:
    """A panel for each problem and oracle with at least two values, a curve for each algorithm; staircases first."""
    found = _demanding(summary)
    return [*_beside(found), *_panels(found, by_algorithm=False)]


def _beside(found: Sequence[Series]) -> list[Panel]:
    """A panel for each family that was asked in several ways with other bounds: their staircases."""
    drawn = []
    for family in dict.fromkeys(line.family for line in found):
        mine = [line for line in found if line.family == family]
        stairs: dict[tuple[float, ...], Series] = {}
        for line in mine:
            stairs.setdefault((*line.values, *(bound_of(cell) for cell in line.cells)), line)
        if len(stairs) > 1 and len({line.axis["name"] for line in mine}) == 1:
            drawn.append(_stairs_of(family, list(stairs.values()), mine))
    return drawn


def _stairs_of(family: str, lines: Sequence[Series], mine: Sequence[Series]) -> Panel:
    names = [_what_differs(line, mine) or line.oracle for line in lines]
    title = f"{family}, the bounds"
    figure, area = axes(title, _label(lines[0]), "bound", 4.0, 3.3)
    area.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    table, texts = looks(names), []
    for index, (line, name) in enumerate(zip(lines, names, strict=True)):
        heights = [bound_of(cell) for cell in line.cells]
        lift = 0.008 * (index - (len(lines) - 1) / 2)  # so that equal steps stay visible
        edges = [
            line.values[0] - 0.5,
            *((a + b) / 2 for a, b in pairwise(line.values)),
            line.values[-1] + 0.5,
        ]
        area.stairs([h + lift for h in heights], edges, baseline=None, color=table[name].colour, label=name)
        area.plot(
            line.values,
            [h + lift for h in heights],
            color=table[name].colour,
            marker=table[name].marker,
            markersize=4.5,
            linewidth=0,
        )
        texts.append(
            f"{name}, " + ", ".join(f"{v}: {h:.3g}" for v, h in zip(line.values, heights, strict=True))
        )
    legend(area, 1)
    lay_out(figure)
    return Panel(title, f"Bounds against {_label(lines[0])}. {'; '.join(texts)}.", figure)


def fall_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The panel with all algorithms, and which of its curves fall, and where."""
    lines = abreast(_falling(summary))
    symbol, count = lines[0].axis["symbol"], plural(len(lines), "curve")
    ends = sorted(end for line in lines if (end := _end(line)) is not None)
    if not ends:
        return 0, f"The smallest success against {symbol}: none of {count} falls from above ¾ to ¾ or below."
    span = f"{ends[0]}" if ends[0] == ends[-1] else f"{ends[0]} to {ends[-1]}"
    verb = "falls" if len(ends) == 1 else "fall"
    return 0, f"{len(ends)} of {count} {verb} from above ¾ to ¾ or below, first at {symbol} = {span}."


def _end(line: Series) -> int | None:
    """The first value at which success is at most 3/4, where at the least it is above; None where it never is."""
    low = [4 * cell["smallest"]["successes"] <= 3 * cell["recorded"] for cell in line.cells]
    return line.values[low.index(True)] if True in low and not low[0] else None


def staircase_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The first panel, and how many algorithms it compares."""
    lines = _demanding(summary)
    count, words = (
        len({line.algorithm for line in lines}),
        dict.fromkeys(line.axis["words"] for line in lines),
    )
    return 0, f"The smallest success of {plural(count, 'algorithm')} against {listing(words)}."


def _draw(
    title: str,
    axis: str,
    lines: Sequence[Series],
    names: Sequence[str],
    table: Mapping[str, Look],
    explained: bool,
) -> Panel:
    figure, area = axes(fill(title, _WIDE), axis, "smallest success", 4.0, 2.9 if explained else 3.3)
    shade(area, bounds_of(lines))
    area.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    step = min(0.3, 0.7 / len(lines))
    texts = []
    for index, (line, name) in enumerate(zip(lines, names, strict=True)):
        shift = (index - (len(lines) - 1) / 2) * step
        xs = [value + shift for value in line.values]
        points(area, xs, [cell["smallest"] for cell in line.cells], table[name], name)
        shares = ", ".join(
            f"{value}: {fraction(cell['smallest']['successes'], cell['recorded'])}"
            for value, cell in zip(line.values, line.cells, strict=True)
        )
        texts.append(f"{name}, {shares}")
    if not explained:
        legend(area)
    lay_out(figure)
    return Panel(title, f"Smallest success against {axis}. {'; '.join(texts)}.", figure)


def _what_differs(line: Series, found: Sequence[Series]) -> str:
    """What a series has fixed that others of its family have otherwise."""
    others = [set(_parts(other.fixed)) for other in found if other.family == line.family]
    return ", ".join(part for part in _parts(line.fixed) if not all(part in other for other in others))


def _parts(fixed: str) -> list[str]:
    return re.split(r", (?=[^ ,]+ = )", fixed)


def _panels(found: Sequence[Series], by_algorithm: bool) -> list[Panel]:
    """One panel for each algorithm with a curve for each oracle, or the other way round."""
    rest = {line.fixed for line in found if line.fixed}
    families = {line.family for line in found}
    # The budget, where it varies, is told with what the series' cells have in common.
    short = short_names({**line.cells[0], "budget": ""} for line in found)

    def name(line: Series) -> str:
        return f"{line.oracle} oracle" if by_algorithm else short[line.algorithm]

    def title(line: Series) -> str:
        family = line.family if len(families) > 1 else ""
        subject = short[line.algorithm] if by_algorithm else f"{line.oracle} oracle"
        fixed = _what_differs(line, found) if len(rest) > 1 else ""
        return ", ".join(part for part in (family, subject, fixed) if part)

    table = looks(name(line) for line in found)
    panels: dict[tuple[str, str], list[Series]] = {}
    for line in found:
        panels.setdefault((title(line), _label(line)), []).append(line)
    drawn, told = [], set[str]()
    for (heading, label), lines in panels.items():
        names = [name(line) for line in lines]
        # A legend that says nothing new is left out.
        drawn.append(_draw(heading, label, lines, names, table, explained=set(names) <= told))
        told.update(names)
    return drawn
