"""What all figures share: colours, markers, axes, and points with their intervals.

Names are shown as they are: no dollar sign, underscore or control character of theirs is a command to Matplotlib, and
no settings of the user's or a plugin's reach a figure.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from matplotlib import rc_context, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogFormatterSciNotation

from analysis.summary.schema import RateEntry
from analysis.summary.series import rate_of
from analysis.wording import RAISED

# Okabe and Ito's palette (jfly.uni-koeln.de/color), told apart by readers with any common colour blindness.
# Its yellow is left out: it is too faint on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Nine markers against seven colours: 63 pairs before one repeats, and neighbours differ in both.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
INK, GREY, FORBIDDEN = "#222222", "#666666", "#F3E3D7"

RC: dict[str, Any] = {
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,  # TrueType, which publishers ask for
    "font.family": ["DejaVu Sans"],
    "font.sans-serif": ["DejaVu Sans"],
    "text.parse_math": False,
}
"""Settings under which figures are drawn and saved, beside Matplotlib's own defaults."""
# What is no matter of style, and is set for the whole process.
_NOT_STYLE = re.compile(
    r"backend|toolbar|interactive|timezone|tk\.|webagg|savefig\.directory|figure\.max_open|docstring"
)
_KEPT = "\u2060"
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
_JOINERS = "\u200c\u200d\u2060"


@contextmanager
def drawing(**more: str) -> Iterator[None]:
    """A context in which Matplotlib's settings are its defaults, `RC` and those given, with ``__`` for each dot.

    Neither a matplotlibrc nor what has been set since reaches a figure.
    """
    defaults = {name: value for name, value in rcParamsDefault.items() if not _NOT_STYLE.match(name)}
    extra = {name.replace("__", "."): value for name, value in more.items()}
    # Releases of Matplotlib differ in how they type the keys; the names themselves are checked when they are
    # set.
    with warnings.catch_warnings(), rc_context(cast("Any", {**defaults, **RC, **extra})):
        # A letter that no font has is shown as a box; that is no reason to stop where warnings are errors.
        warnings.simplefilter("ignore")
        yield


def visible(text: str) -> str:
    """Return text that may stand in any figure and page: what cannot be seen or written is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        mark
        if mark in _JOINERS or mark == "\n" or unicodedata.category(mark) not in _UNSEEN
        else ascii(mark)[1:-1]
        for mark in text
    )


def tame(figure: Figure) -> None:
    """Spell out what in the texts of a figure cannot be seen or written."""
    for text in figure.findobj(Text):
        shown = visible(text.get_text())
        if shown != text.get_text():
            text.set_text(shown)


def entry_name(label: str | None) -> str | None:
    """Return a label that `legend` shows as it is, also where it begins with an underscore."""
    return label if label is None or not label.startswith("_") else _KEPT + label


class _Powers(LogFormatterSciNotation):
    """Powers as text: 10², 3×10², 2⁻⁴."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = re.sub(r"^\$\\mathdefault\{(.*)\}\$$", r"\1", super().__call__(x, pos))
        text = re.sub(r"\^\{(.*?)\}", lambda found: found[1].translate(_RAISED), text)
        return text.replace(r"\times", "×").replace(" ", "")


_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain_powers(axis: Axis, base: float = 10) -> None:
    """Let a logarithmic axis write its powers as text."""
    axis.set_major_formatter(_Powers(base=base))
    axis.set_minor_formatter(_Powers(base=base))


@dataclass(frozen=True)
class Look:
    """Colour and marker of one name."""

    colour: str
    marker: str


_POWER = re.compile(rf"(\d+)([{''.join(RAISED)}]+)")


def set_larger(label: str) -> str:
    """A label with its raised letters as Matplotlib sets them: as characters they are too small to read on a screen."""
    plain, table = label.replace("$", r"\$"), str.maketrans(RAISED)
    return _POWER.sub(lambda match: f"${match[1]}^{{{match[2].translate(table)}}}$", plain)


def looks(names: Iterable[str]) -> dict[str, Look]:
    """A look for each different name, in order of first appearance."""
    return {
        name: Look(COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)])
        for index, name in enumerate(dict.fromkeys(names))
    }


def axes(title: str, x: str, y: str, width: float = 4.0, height: float = 3.2) -> tuple[Figure, Axes]:
    """An empty figure, sized in inches, with labelled axes and probabilities upwards."""
    figure = Figure(figsize=(width, height), layout="constrained")
    area = figure.subplots()
    area.set_title(title, loc="left")
    larger = set_larger(x)
    # A family's own words may hold dollar signs, which are no commands here.
    typeset = "$" not in x and larger != x
    area.set_xlabel(larger if typeset else x).set_parse_math(typeset)
    area.set_ylabel(y)
    area.set_ylim(-0.04, 1.04)
    area.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])
    area.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    area.set_axisbelow(True)
    return figure, area


def probabilities_across(area: Axes) -> None:
    """Probabilities across as well as upwards."""
    area.set_xlim(-0.04, 1.04)
    area.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])


def lay_out(figure: Figure) -> None:
    """Lay the figure out now and never again: places in pixels then hold, and it is drawn the same every time."""
    tame(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def _errors(entries: Sequence[RateEntry]) -> tuple[list[float], list[float]]:
    # Rounding may put the rate a hair outside its interval, where Matplotlib refuses to draw a bar.
    below = [max(rate_of(entry) - entry["interval"][0], 0.0) for entry in entries]
    return below, [max(entry["interval"][1] - rate_of(entry), 0.0) for entry in entries]


def points(
    area: Axes,
    xs: Sequence[float],
    entries: Sequence[RateEntry],
    look: Look,
    label: str | None = None,
    across: Sequence[RateEntry] | None = None,
) -> None:
    """Measured shares over `xs` with their intervals; an entry has ``rate`` and ``interval``.

    Intervals are drawn upwards, and across as well where `across` gives the entries that belong to `xs`.
    """
    area.errorbar(
        xs,
        [rate_of(entry) for entry in entries],
        yerr=_errors(entries),
        xerr=None if across is None else _errors(across),
        fmt=look.marker,
        color=look.colour,
        markersize=4.5,
        markeredgewidth=0,
        elinewidth=1.0,
        label=entry_name(label),
    )


def legend(area: Axes, columns: int = 2) -> None:
    """The names of what is drawn, under the axes."""
    found = area.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.2),
        ncols=columns,
        frameon=False,
        fontsize=8,
        handletextpad=0.3,
    )
    for text in found.get_texts():
        text.set_text(text.get_text().removeprefix(_KEPT))
