"""What a figure of a report is: panels that are read together, with a heading and a caption, in several forms."""

from dataclasses import dataclass, field
from functools import cached_property

from analysis.figures.svg import to_bytes, to_svg
from analysis.story import Panel


@dataclass(frozen=True)
class Picture:
    """One figure of a report.

    Attributes
    ----------
    name
        Short, unique, fit for a file name and an anchor.
    title, caption
        Its heading, and how to read it.
    panels
        The drawings, at least one.
    layout
        "single" for one panel of ordinary size, "wide" for one across the page, empty for several side by side.
    small
        A drawing of the same at the size of a panel, for the top of the page, where none of the panels will do.
    """

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    layout: str = ""
    small: Panel | None = None
    _files: dict[str, tuple[bytes, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def drawings(self) -> tuple[Panel, ...]:
        """Everything that is drawn, the small drawing last."""
        return self.panels if self.small is None else (*self.panels, self.small)

    def files(self) -> tuple[str, ...]:
        """A file name without extension for each drawing."""
        alone = len(self.panels) == 1
        names = [self.name if alone else f"{self.name}-{index + 1}" for index in range(len(self.panels))]
        return (*names, *([] if self.small is None else [f"{self.name}-small"]))

    def saved(self, form: str) -> tuple[bytes, ...]:
        """The drawings as files of the form "svg", "pdf" or "png" (200 dots an inch); the same bytes every time."""
        if form not in self._files:
            self._files[form] = tuple(to_bytes(drawing.figure, form) for drawing in self.drawings)
        return self._files[form]

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The drawings as SVG elements whose identifiers clash with no other picture's."""
        return tuple(
            to_svg(file, f"{self.title}: {drawing.title}", drawing.alternative, f"{self.name}-{index}")
            for index, (file, drawing) in enumerate(zip(self.saved("svg"), self.drawings, strict=True))
        )

    def svgs(self) -> tuple[str, ...]:
        """The elements of the panels."""
        return self.elements[: len(self.panels)]
