"""The figures of a report, each made from the summary alone; a figure without data does not appear."""

from collections.abc import Sequence

from analysis.figures import along, depth, frontier, limit, phase
from analysis.figures.picture import Picture
from analysis.figures.style import drawing
from analysis.story import Figure, Panel, Story
from analysis.summary.older import completed
from analysis.summary.schema import Summary

FIGURES: tuple[Figure, ...] = (
    Figure(
        "frontier",
        "The frontier p₁ + p₂ = 1",
        frontier.CAPTION,
        frontier.frontier,
        slot=0,
        told=frontier.frontier_told,
    ),
    Figure(
        "fall", "The fall at the barrier", along.fall_caption, along.fall_panels, slot=1, told=along.fall_told
    ),
    Figure("phase", "Over two axes at once", phase.CAPTION, phase.phase, slot=1, told=phase.phase_told),
    Figure("depth", "Reading on buys what the bound allows", depth.CAPTION, depth.depth),
    Figure(
        "limit",
        "The frontier at the limit",
        limit.FRONTIER_CAPTION,
        limit.limit_frontier,
        slot=0,
        told=limit.limit_told,
    ),
    Figure("answers", limit.answers_title, limit.answers_caption, limit.answers),
    Figure("budget", "Not an artefact of the budget", limit.BUDGET_CAPTION, limit.budget),
    Figure("amplification", "Repetition does not help", limit.AMPLIFY_CAPTION, limit.amplification),
    Figure(
        "staircase",
        along.staircase_title,
        along.staircase_caption,
        along.staircase_panels,
        slot=1,
        told=along.staircase_told,
    ),
)
"""The figures that every experiment may have, in the order of the report; those of stories follow them."""


def figures_of(stories: Sequence[Story]) -> list[Figure]:
    """All figures that a report may have.

    Raises
    ------
    ValueError
        If two have one name.
    """
    found = [*FIGURES, *(figure for story in stories for figure in story.figures)]
    names = [figure.name for figure in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"figure.name={twice[0]!r} stands for two figures; give each a name of its own.")
    return found


def pictures(summary: Summary, stories: Sequence[Story] = ()) -> list[Picture]:
    """The figures for which the summary has data, in order."""
    summary = completed(summary)
    with drawing():
        drawn = [(figure, tuple(figure.draw(summary))) for figure in figures_of(stories)]
        return [_picture(figure, panels, summary) for figure, panels in drawn if panels]


def _picture(figure: Figure, panels: tuple[Panel, ...], summary: Summary) -> Picture:
    layout = figure.layout or ("single" if len(panels) == 1 else "")
    title, caption = (
        text if isinstance(text, str) else text(summary) for text in (figure.title, figure.caption)
    )
    small = next(iter(figure.small(summary)), None)
    return Picture(figure.name, title, caption, panels, layout, small)
