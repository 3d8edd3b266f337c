"""Stories of the families that an experiment has: loaded when a report is made, and given what is on record."""

from __future__ import annotations

import importlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

from analysis.story import Group, RecordedCell, Story
from onehalf.record.described import Described, Recorded
from onehalf.record.reading.identity import Identity
from onehalf.record.store import Statements, Store
from oracle.errors import InvalidValue
from oracle.families import known_families
from oracle.problems import Problem


@dataclass(frozen=True)
class Stories:
    """What families add to a report.

    Attributes
    ----------
    told
        By family its story.
    missing
        By family why its story is not at hand; families that add nothing are in neither.
    """

    told: Mapping[str, Story]
    missing: Mapping[str, str]

    @property
    def each(self) -> list[Story]:
        """The different stories, in order."""
        return list({story.name: story for story in self.told.values()}.values())


def stories_of(experiments: Iterable[Recorded]) -> Stories:
    """Return the stories of the families of some experiments, as far as they have one."""
    cells = (cell for experiment in experiments for cell in experiment.cells if cell.story)
    found: dict[str, object] = {}
    for cell in cells:
        if not isinstance(found.get(cell.family), Problem):
            found[cell.family] = _problem_of(cell)
    return _stories(found)


def _problem_of(cell: Described) -> object:
    """Return the cell's problem, or the sentence that says why it is not at hand."""
    try:
        return cell.problem
    except InvalidValue as error:
        return str(error)


def stories_named(families: Iterable[str]) -> Stories:
    """Return the stories of families that are installed, by their names, as a summary has them."""
    installed = known_families()
    return _stories({family: installed.get(family) for family in dict.fromkeys(families)})


def _stories(families: Mapping[str, object]) -> Stories:
    told: dict[str, Story] = {}
    missing: dict[str, str] = {}
    for name, family in families.items():
        if not _is_problem(family):
            missing[name] = family if isinstance(family, str) else "it is not at hand here"
            continue
        try:
            story = load_story(family)
        except Exception as error:  # a story is code of whoever wrote the family
            missing[name] = f"its story cannot be loaded ({type(error).__name__}: {error})"
            continue
        if story is not None:
            told[name] = story
    return Stories(told, missing)


def _is_problem(family: object) -> bool:
    return isinstance(family, Problem) or (isinstance(family, type) and issubclass(family, Problem))


def load_story(family: object) -> Story | None:
    """Return the story that a family names or holds; None where it has none.

    Raises
    ------
    ImportError, AttributeError, TypeError
        If it cannot be imported, or is no story.
    """
    named = getattr(family, "story", "")
    if not named:
        return None
    if isinstance(named, str):
        module, _, name = named.partition(":")
        named = getattr(importlib.import_module(module), name)
    if not isinstance(named, Story):
        raise TypeError(f"story={named!r}: is no Story; give one, or its place as module:name")
    return named


def gathered(
    stories: Stories,
    experiment: Recorded,
    store: Store,
    names: Sequence[Identity],
    numbers: Sequence[int],
    kept: Collection[int],
) -> dict[str, list[Group]]:
    """Return by story what it gathers from the cells of a directory that are kept.

    The cells have these names and numbers in the summary.
    """
    found: dict[str, list[Group]] = {}
    for story in stories.each:
        if story.gather is not None:
            cells = [
                _recorded(index, numbers[index], names[index], cell, store)
                for index, cell in enumerate(experiment.cells)
                if numbers[index] in kept
                and _tells(stories, cell, story)
                and isinstance(_problem_of(cell), Problem)
            ]
            found[story.name] = list(story.gather(cells)) if cells else []
    return found


def _tells(stories: Stories, cell: Described, story: Story) -> bool:
    found = stories.told.get(cell.family)
    return found is not None and found.name == story.name


def _recorded(index: int, number: int, name: Identity, cell: Described, store: Store) -> RecordedCell:
    query = (
        "SELECT SUM(n), MAX(depth) FROM (SELECT COUNT(*) AS n, MAX(depth) AS depth FROM outcomes "
        "WHERE cell = ?1 AND input = 0 UNION ALL SELECT SUM(alike), MAX(depth) FROM patterns "
        "WHERE cell = ?1 AND input = 0)"
    )
    recorded, depth = store.connection.execute(query, (index,)).fetchone()

    def assessed(table: str) -> list[tuple[int, Any]]:
        return [(trial, json.loads(body)) for trial, body in store.certificates(index, _statements(table))]

    def output(trial: int, position: int) -> Any:
        body = store.output(index, trial, position)
        return None if body is None else cell.problem.decode(body)

    return RecordedCell(
        number, cell.problem, name.algorithm, cell.role, cell.trials, recorded, depth, assessed, output
    )


def _statements(table: str) -> Statements:
    if table not in get_args(Statements):
        raise InvalidValue(
            "table", table, "holds no statements", f"take one of {', '.join(get_args(Statements))}"
        )
    return cast("Statements", table)
