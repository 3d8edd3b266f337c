"""A benchopt benchmark of nothing: what its runner costs for each run."""

from typing import Any

from benchopt import BaseObjective


class Objective(BaseObjective):  # type: ignore[misc]
    """The distance from one number."""

    name = "nothing"
    min_benchopt_version = "1.6"

    def set_data(self, value: float) -> None:
        """Take the number."""
        self.value = value

    def get_objective(self) -> dict[str, float]:
        """Hand it to the solver."""
        return {"value": self.value}

    def evaluate_result(self, answer: float) -> dict[str, float]:
        """Return the distance."""
        return {"value": abs(answer - self.value)}

    def get_one_result(self) -> dict[str, Any]:
        """Return a right answer."""
        return {"answer": self.value}
