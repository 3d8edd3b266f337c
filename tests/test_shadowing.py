"""A foreign package under one of our names is met with a sentence that says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["analysis", "oracle", "algorithms"])
def test_a_shadowing_package_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(HOME)])}
    done = subprocess.run(
        [sys.executable, "-c", "import onehalf"],
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        check=False,
    )
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert f"package='{name}': onehalf needs its own package" in last
    assert str(tmp_path / name) in last
    assert "virtual environment of its own" in last
