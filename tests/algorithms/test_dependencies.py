"""What an algorithm rests on stands beside it in the record."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from algorithms.algorithm import Algorithm
from algorithms.dependencies import dependency_versions
from algorithms.registry import resolve

PLUGIN = """
import json
import {helper}
import onehalf as oh
@oh.algorithm("mine", requires={requires})
def f(task, rng):
    from scipy import stats
    return task.witness(task.members[0])
"""


def versions(*names: str) -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in names}


@pytest.mark.parametrize(
    ("requires", "helper", "expected"),
    [
        ([], "os", ["scipy"]),
        (["sklearn.neural_network"], "os", ["scikit-learn", "scipy"]),
        ([], "helper", ["numpy", "scipy"]),
        ([], "flint", ["python-flint", "scipy"]),
        ([], "dateutil", ["python-dateutil", "scipy"]),
    ],
)
def test_a_plugin_rests_on_what_it_requires_and_what_its_files_import(
    tmp_path: Path, requires: list[str], helper: str, expected: list[str]
) -> None:
    file = tmp_path / "plug.py"
    file.write_text(PLUGIN.format(requires=requires, helper=helper))
    (tmp_path / "helper.py").write_text("import numpy\n")
    assert dependency_versions(resolve(str(file))) == versions(*expected)


def test_what_ships_rests_on_its_libraries_and_on_those_of_what_it_names() -> None:
    assert dependency_versions(resolve("restarts[inner=mlp-adam,k=2]")) == versions("numpy", "scikit-learn")


def test_a_function_without_a_file_rests_on_what_its_code_names() -> None:
    space: dict[str, Any] = {"np": np}
    exec("def f(task, rng):\n    return np.zeros(2)\n", space)
    assert dependency_versions(resolve(Algorithm("typed-in-here", space["f"]))) == versions("numpy")


def test_of_a_program_nothing_is_known(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import numpy\n")
    assert dependency_versions(resolve(f"exec:python {program}")) == {}
