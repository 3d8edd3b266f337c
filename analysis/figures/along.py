"""Success along an axis: where inputs stop being told apart, and where more is asked for than one answer gives."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import MaxNLocator

from analysis.figures.short_names import NOTE, short_names
from analysis.figures.style import Look, axes, lay_out, legend, looks, points
from analysis.figures.together import abreast, bounds_of, shade, together
from analysis.story import Panel
from analysis.summary.schema import Summary
from analysis.summary.series import Series, series
from analysis.wording import fraction, listing, plural

_FALL = (
    "Smallest success probability (on the worse of the coupled inputs) against {axes}, with 95% intervals. The black "
    "line is Theorem 1's bound, (1 + t)/2 at the measured over-reading t; the shaded region is about probabilities: no "
    "algorithm's lies there, though by chance a measured share may. It steps from 1 to ½ where {symbols} reaches the "
    "digits that the algorithm reads. Points are set slightly apart sideways so that equal ones stay visible. Where "
    "there are several algorithms the first panel shows all of them under one oracle, those named together lying "
    f"together, without intervals, which the algorithms' own panels have. {NOTE}"
)
_STAIRCASE = (
    "Smallest success probability against {axes}, with 95% intervals. The black line is the bound: 1 as long as one "
    "answer serves both inputs, ½ from the {symbols} on at which their answers exclude each other. An algorithm may "
    "fall earlier: where the answer that serves both inputs lies between their own, one that looks for either input's "
    "own answer, such as a vertex, does not give it. Points are set slightly apart sideways so that equal ones stay "
    f"visible. {NOTE}"
)


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
    return series(summary["cells"], "closeness", least=3)


def _demanding(summary: Summary) -> list[Series]:
    return series(summary["cells"], "demand", least=2)


def _label(line: Series) -> str:
    return f"{line.axis['symbol']}, {line.axis['words']}"


def fall_panels(summary: Summary) -> list[Panel]:
    """A panel for each algorithm with at least three values, a curve for each oracle; all together before them."""
    found = _falling(summary)
    return [*together(found), *_panels(found, by_algorithm=True)]


def staircase_panels(summary: Summary) -> list[Panel]:
    """A panel for each problem and oracle with at least two values, a curve for each algorithm."""
    return _panels(_demanding(summary), by_algorithm=False)


def fall_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The panel with all algorithms, and where their success falls."""
    lines = abreast(_falling(summary))
    axis, names = lines[0].axis, {line.algorithm for line in lines}
    found = {
        entry["estimate"]
        for entry in summary["barriers"]
        if entry["parameter"] == axis["name"]
        and entry["algorithm"] in names
        and entry["estimate"] is not None
    }
    count = plural(len({line.cells[0]["algorithm_name"] for line in lines}), "algorithm")
    if not found:
        return 0, f"The smallest success of {count} against {axis['symbol']}."
    ends = f"{min(found)}" if len(found) == 1 else f"{min(found)} to {max(found)}"
    return 0, f"The success of {count} falls at {axis['symbol']} = {ends}."


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
    figure, area = axes(title, axis, "smallest success", 4.0, 2.9 if explained else 3.3)
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
        fixed = line.fixed if len(rest) > 1 else ""
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
