"""The pictures at the top of a report: what a reader is to see first, each with one line about what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.figures.gallery import figures_of
from analysis.figures.picture import Picture
from analysis.figures.svg import referring
from analysis.story import Story
from analysis.summary.schema import Summary

SLOTS = 3
"""How many places there are."""


@dataclass(frozen=True)
class Key:
    """One picture at the top of the page.

    Attributes
    ----------
    target
        The figure that shows more of it.
    drawing
        Which of that figure's drawings it is.
    told
        What it shows, in one line.
    """

    target: Picture
    drawing: int
    told: str

    @property
    def element(self) -> str:
        """The identifier of the drawing's element on the page, if it is shown with its figure; else empty."""
        return f"{self.target.name}-{self.drawing}" if self.drawing < len(self.target.panels) else ""

    @property
    def svg(self) -> str:
        """The drawing as an SVG element; where it is shown with its figure, one that refers to it."""
        whole = self.target.elements[self.drawing]
        return referring(whole, self.element) if self.element else whole


def key_pictures(summary: Summary, drawn: Sequence[Picture], stories: Sequence[Story] = ()) -> list[Key]:
    """For each place the first figure that may stand there and is drawn."""
    by_name = {picture.name: picture for picture in drawn}
    keys = []
    for slot in range(SLOTS):
        fit = (figure for figure in figures_of(stories) if figure.slot == slot and figure.name in by_name)
        figure = next(fit, None)
        if figure is not None:
            picture = by_name[figure.name]
            keys.append(Key(picture, *figure.told(summary, len(picture.drawings))))
    return keys
