"""Hand-made tables: three cells whose every number can be checked by hand."""

from typing import Any

import pandas as pd
import pytest

from analysis.summarise import FAILURE_COLUMNS, summarise

AXES = [
    {"name": "exponent", "symbol": "e", "words": "the inputs differing by 2⁻ᵉ", "kind": "closeness"},
    {"name": "digits", "symbol": "K", "words": "correct digits asked for", "kind": "demand"},
]
CELL = {
    "cell": 0,
    "group": "At the barrier",
    "family": "training",
    "parameters": {"exponent": 53, "hidden": (8,)},
    "axes": AXES,
    "outputs": "networks",
    "oracle": "decoy",
    "algorithm": "adam",
    "algorithm_name": "adam",
    "algorithm_parameters": {},
    "role": "trainer",
    "planned": 200,
    "inputs": ("1", "2"),
    "exclusive": ("1", "2"),
    "theorem": "1",
    "coupling_depth": 53,
}
PATTERN = {
    "cell": 0,
    "shared": True,
    "statuses": ("halted", "halted"),
    "verdicts": ("accepted", "rejected"),
    "claims": (True, True),
    "count": 200,
}


class Tables:
    """Cells and patterns that differ from a plain one in what is named."""

    @staticmethod
    def cell(**changes: Any) -> dict[str, Any]:
        return {**CELL, **changes}

    @staticmethod
    def pattern(**changes: Any) -> dict[str, Any]:
        return {**PATTERN, **changes}

    @staticmethod
    def summarise(
        cells: list[dict[str, Any]],
        patterns: list[dict[str, Any]],
        failures: list[dict[str, Any]] | None = None,
        experiment: dict[str, Any] | None = None,
        provenance: dict[str, Any] | None = None,
        failure_total: int | None = None,
    ) -> dict[str, Any]:
        return summarise(
            experiment or {},
            pd.DataFrame(cells),
            pd.DataFrame(patterns, columns=list(PATTERN)),
            pd.DataFrame(failures) if failures else pd.DataFrame(columns=list(FAILURE_COLUMNS)),
            provenance or {},
            failure_total,
        )


@pytest.fixture(scope="session")
def tables() -> type[Tables]:
    return Tables
