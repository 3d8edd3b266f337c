"""Imports run downwards only: onehalf → {analysis, algorithms} → oracle, and analysis knows none of the others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "oracle": {"oracle"},
    "analysis": {"analysis"},
    "algorithms": {"algorithms", "oracle"},
    "onehalf": {"onehalf", "algorithms", "analysis", "oracle"},
}


def imported(source: str) -> Iterator[str]:
    """Yield the top-level packages that a source imports, wherever in it, also by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value).partition(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_downwards(package: str) -> None:
    files = sorted((HOME / package).rglob("*.py"))
    assert files
    upwards = {
        f"{file.relative_to(HOME)} imports {name}"
        for file in files
        for name in imported(file.read_text(encoding="utf-8"))
        if name in MAY_IMPORT and name not in MAY_IMPORT[package]
    }
    assert upwards == set()


def test_the_walk_sees_imports_inside_functions() -> None:
    lines = [
        "import onehalf.plan.experiment",
        "from analysis import x",
        "importlib.import_module('oracle.task')",
    ]
    source = "def f():\n" + "\n".join("    " + line for line in lines)
    assert list(imported(source)) == ["onehalf", "analysis", "oracle"]
