"""A solver that answers at once."""

from benchopt import BaseSolver


class Solver(BaseSolver):  # type: ignore[misc]
    """Answers with what it was given."""

    name = "no-op"
    sampling_strategy = "run_once"

    def set_objective(self, value: float) -> None:
        """Take the number."""
        self.value = value

    def run(self, stop_value: object) -> None:
        """Do nothing."""

    def get_result(self) -> dict[str, float]:
        """Return the number."""
        return {"answer": self.value}
