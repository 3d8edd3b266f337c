"""The figures of a report, each made from the summary alone; a figure without data does not appear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis import plot_depth, plot_frontier, plot_steps, plot_universal
from analysis.plot_style import Panel, drawing
from analysis.svg import to_bytes, to_svg

__all__ = ["FIGURES", "Panel", "Picture", "pictures", "to_svg"]

Draw: TypeAlias = Callable[[dict[str, Any]], list[Panel]]


@dataclass(frozen=True)
class Picture:
    """One figure of a report: panels that are read together.

    Attributes
    ----------
    name
        Short, unique, fit for a file name and an anchor.
    title, caption
        Its heading, and how to read it.
    panels
        The drawings, at least one.
    """

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]

    def files(self) -> tuple[str, ...]:
        """A file name without extension for each panel."""
        alone = len(self.panels) == 1
        return tuple(self.name if alone else f"{self.name}-{index + 1}" for index in range(len(self.panels)))

    def saved(self, form: str) -> tuple[bytes, ...]:
        """The panels as files of the form "svg", "pdf" or "png" (200 dots an inch); the same bytes every time."""
        return tuple(to_bytes(panel.figure, form) for panel in self.panels)

    def svgs(self) -> tuple[str, ...]:
        """The panels as SVG elements whose identifiers clash with no other picture's."""
        return tuple(
            to_svg(panel.figure, f"{self.title}: {panel.title}", panel.alternative, f"{self.name}-{index}")
            for index, panel in enumerate(self.panels)
        )


FIGURES: tuple[tuple[str, str, str, Draw], ...] = (
    ("frontier", "The frontier p₁ + p₂ = 1", plot_frontier.CAPTION, plot_frontier.frontier),
    ("fall", "The fall at the barrier", plot_steps.FALL_CAPTION, plot_steps.fall),
    ("depth", "Reading on buys what the bound allows", plot_depth.CAPTION, plot_depth.depth),
    ("limit", "The frontier at the limit", plot_universal.FRONTIER_CAPTION, plot_universal.frontier),
    ("answers", "1/k and k/(2k − 1)", plot_universal.ANSWERS_CAPTION, plot_universal.answers),
    ("budget", "Not an artefact of the budget", plot_universal.BUDGET_CAPTION, plot_universal.budget),
    (
        "amplification",
        "Repetition does not help",
        plot_universal.AMPLIFY_CAPTION,
        plot_universal.amplification,
    ),
    ("staircase", "Digits asked for against success", plot_steps.STAIRCASE_CAPTION, plot_steps.staircase),
)
"""Name, title, caption and drawing function of each figure, in the order of the report."""


def pictures(summary: dict[str, Any]) -> list[Picture]:
    """The figures for which the summary has data, in the order of `FIGURES`."""
    with drawing():
        drawn = [(name, title, caption, tuple(draw(summary))) for name, title, caption, draw in FIGURES]
    return [Picture(name, title, caption, panels) for name, title, caption, panels in drawn if panels]
