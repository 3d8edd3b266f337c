"""Experiments in the raw: cells as planned and every trial by itself, counted here without the analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Cell = dict[str, Any]
Trial = dict[str, Any]


@dataclass(frozen=True)
class Raw:
    """The cells of an experiment, of each cell its trials, and the families whose story is not at hand, and why."""

    cells: list[Cell]
    trials: list[list[Trial]]
    untold: tuple[tuple[str, str], ...] = ()

    @property
    def numbers(self) -> range:
        return range(len(self.cells))

    def recorded(self, at: int) -> int:
        return len(self.trials[at])

    def right(self, at: int, name: str) -> int:
        place = self.cells[at]["inputs"].index(name)
        return sum(trial["verdicts"][place] == "accepted" for trial in self.trials[at])

    def compared(self, at: int) -> Sequence[str]:
        cell = self.cells[at]
        if not self.bounded(at):
            return list(cell["inputs"])
        others = cell["compared"] if cell.get("value") else cell["exclusive"]
        return [*([cell["limit"]] if cell["limit"] else []), *others]

    def worst(self, at: int) -> int:
        return min(self.right(at, name) for name in self.compared(at))

    def rate(self, at: int) -> float:
        return self.worst(at) / self.recorded(at)

    def perfect(self, at: int) -> bool:
        return self.worst(at) == self.recorded(at)

    def bounded(self, at: int) -> bool:
        """Whether no answer serves all inputs: two exclude each other, or a game says how much one can serve."""
        return len(self.cells[at]["exclusive"]) >= 2 or bool(self.cells[at].get("value"))

    def breadth(self, at: int) -> Fraction:
        """The k of the bound 1/k for who reads no further; 1/v where the game has the value v."""
        cell = self.cells[at]
        return 1 / Fraction(cell["value"]) if cell.get("value") else Fraction(max(1, len(cell["exclusive"])))

    def apart(self, at: int) -> bool:
        return bool(self.trials[at]) and not any(trial["shared"] for trial in self.trials[at])

    def alike(self, at: int) -> bool:
        return bool(self.trials[at]) and self.bounded(at) and all(t["shared"] for t in self.trials[at])

    def outputs(self, at: int) -> int:
        return sum(status == "halted" for trial in self.trials[at] for status in trial["statuses"])

    def one_answer(self, at: int) -> int:
        return sum(trial["shared"] and "halted" in trial["statuses"] for trial in self.trials[at])

    def twice(self, at: int) -> int:
        cell = self.cells[at]
        places = [cell["inputs"].index(name) for name in cell["exclusive"]]
        return sum(
            trial["shared"] and sum(trial["verdicts"][place] == "accepted" for place in places) > 1
            for trial in self.trials[at]
        )

    def unobstructed(self, at: int) -> bool:
        if not self.trials[at]:
            return False
        return not self.bounded(at) or (self.apart(at) and not self.cells[at]["limit"])

    def excepted(self, at: int) -> int:
        """The trials that the proof of the cell's theorem excepts, as docs/theory.md says."""
        cell, trials = self.cells[at], self.trials[at]
        if not cell["limit"]:
            return sum(not trial["shared"] for trial in trials)
        place = cell["inputs"].index(cell["limit"])
        if cell["theorem"] == "3":
            return sum(not trial["shared"] and trial["statuses"][place] == "halted" for trial in trials)
        if cell["theorem"] == "4":  # more is right than the game's value, by the adversary's weights
            weights = {name: Fraction(q) for name, q in cell["weights"].items()}
            return sum(
                sum(
                    weights[name]
                    for name, given in zip(cell["inputs"], trial["verdicts"], strict=True)
                    if given == "accepted"
                )
                > Fraction(cell["value"])
                for trial in trials
            )
        # Theorem 2, Remark 2a: right on the limit, and told apart or right on another input as well.
        others = [cell["inputs"].index(name) for name in cell["exclusive"]]
        return sum(
            trial["verdicts"][place] == "accepted"
            and (not trial["shared"] or any(trial["verdicts"][other] == "accepted" for other in others))
            for trial in trials
        )

    def where(self, at: int) -> str:
        cell = self.cells[at]
        place = [f"{axis['symbol']} = {cell['parameters'][axis['name']]}" for axis in cell["axes"]]
        return f"{cell['algorithm']} under {cell['oracle']} at {', '.join(place)}"

    def named(self, words: str) -> list[int]:
        return [at for at in self.numbers if self.where(at) == words]

    def line(self, at: int) -> tuple[Any, ...]:
        """What the cells of a series along e have in common."""
        cell = self.cells[at]
        name = self.axis(at, "closeness")["name"]
        others = tuple((key, value) for key, value in cell["parameters"].items() if key != name)
        return cell["family"], cell["oracle"], cell["algorithm"], others

    def axis(self, at: int, kind: str) -> dict[str, str]:
        """The axis of a kind along which a cell's problem varies."""
        (found,) = (axis for axis in self.cells[at]["axes"] if axis["kind"] == kind)
        return dict(found)

    def value(self, at: int, kind: str) -> int:
        """Where a cell is on its axis of a kind."""
        return int(self.cells[at]["parameters"][self.axis(at, kind)["name"]])

    def patterns(self) -> list[dict[str, Any]]:
        return [{"cell": at, **trial, "count": 1} for at in self.numbers for trial in self.trials[at]]
