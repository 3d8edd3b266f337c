"""One number."""

from benchopt import BaseDataset


class Dataset(BaseDataset):  # type: ignore[misc]
    """One number."""

    name = "nothing"

    def get_data(self) -> dict[str, float]:
        """Return it."""
        return {"value": 0.5}
