"""The figures of a report, each made from the summary alone; a figure without data does not appear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.figures import curves as plot_steps
from analysis.figures import depth as plot_depth
from analysis.figures import frontier as plot_frontier
from analysis.figures import limit as plot_universal
from analysis.figures.picture import Picture
from analysis.figures.style import Panel, drawing
from analysis.stability import figures as plot_stability
from analysis.stability import flip as plot_flip

__all__ = ["FIGURES", "Figure", "Panel", "Picture", "pictures"]

Summary: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """How one figure is made.

    Attributes
    ----------
    name, title, caption, layout
        As in `Picture`; without a layout, one panel is "single".
    draw
        Its panels, [] where the summary has no data for it.
    small
        A smaller drawing of the same, where none of the panels is fit for the top of the page.
    """

    name: str
    title: str
    caption: str
    draw: Callable[[Summary], list[Panel]]
    layout: str = ""
    small: Callable[[Summary], list[Panel]] = lambda summary: []


FIGURES: tuple[Figure, ...] = (
    Figure("frontier", "The frontier p₁ + p₂ = 1", plot_frontier.CAPTION, plot_frontier.frontier),
    Figure("fall", "The fall at the barrier", plot_steps.FALL_CAPTION, plot_steps.fall),
    Figure("depth", "Reading on buys what the bound allows", plot_depth.CAPTION, plot_depth.depth),
    Figure("limit", "The frontier at the limit", plot_universal.FRONTIER_CAPTION, plot_universal.frontier),
    Figure("answers", "1/k and k/(2k − 1)", plot_universal.ANSWERS_CAPTION, plot_universal.answers),
    Figure("budget", "Not an artefact of the budget", plot_universal.BUDGET_CAPTION, plot_universal.budget),
    Figure(
        "amplification",
        "Repetition does not help",
        plot_universal.AMPLIFY_CAPTION,
        plot_universal.amplification,
    ),
    Figure(
        "staircase", "Digits asked for against success", plot_steps.STAIRCASE_CAPTION, plot_steps.staircase
    ),
    Figure("stability-plane", "Inaccurate or unstable", plot_stability.PLANE_CAPTION, plot_stability.plane),
    Figure(
        "stability-flip",
        "A network that flips",
        plot_flip.CAPTION,
        plot_flip.flip,
        layout="wide",
        small=plot_flip.small,
    ),
    Figure(
        "stability-sweep",
        "More label changes than pieces",
        plot_stability.SWEEP_CAPTION,
        plot_stability.sweep,
    ),
)
"""The figures, in the order of the report; those of the instability theorem have names with `STABILITY`."""
STABILITY = "stability-"
"""How the names of figures of the instability theorem begin."""


def pictures(summary: Summary) -> list[Picture]:
    """The figures for which the summary has data, in the order of `FIGURES`."""
    with drawing():
        return [_picture(figure, panels, summary) for figure in FIGURES if (panels := figure.draw(summary))]


def _picture(figure: Figure, panels: list[Panel], summary: Summary) -> Picture:
    layout = figure.layout or ("single" if len(panels) == 1 else "")
    small = next(iter(figure.small(summary)), None)
    return Picture(figure.name, figure.title, figure.caption, tuple(panels), layout, small)
