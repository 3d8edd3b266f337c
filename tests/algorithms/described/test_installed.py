"""Installed plugins are executed in children alone; elsewhere stand-ins have what a child said of them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import onehalf as oh
from algorithms.algorithm import registered
from algorithms.conformance.suite import check
from algorithms.dependencies import dependency_versions
from algorithms.described.installed import load_installed
from algorithms.described.plain import StandIn
from algorithms.registry import known, resolve
from onehalf.running.replay import replay
from oracle import families
from oracle.errors import InvalidValue

NEAR = oh.AlternatingTraining(exponent=53)
HONEST = """
import os, numpy
import onehalf as oh
if os.getpid() == {pid}:
    raise SystemExit("executed where it must not be")

@oh.algorithm("guest", over_reading=lambda given, depth: 0.25, check=lambda given: 1 / (given["k"] - 2))
def guest(task, rng, *, k: int = 1):
    '''Returns a member's minimiser.'''
    return task.witness(task.members[0])
"""
PLUGINS = {
    "guest_plugin": HONEST,
    "ending_plugin": "import os\nos._exit(0)\n",
    "leaving_plugin": "raise SystemExit(0)\n",
    "odd_plugin": "class Odd(BaseException): pass\nraise Odd('no')\n",
    "taking_plugin": "import onehalf as oh\n@oh.algorithm('guest')\ndef f(task, rng): return None\n",
    "ending_family": "import os\nos._exit(0)\n",
    "leaving_family": "import sys\nsys.exit(0)\n",
    "moving_family": "import os\nos.chdir('/')\nclass No: pass\n",
}


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed plugins, in this process and in those that it starts."""
    for name, text in PLUGINS.items():
        (tmp_path / f"{name}.py").write_text(text.format(pid=os.getpid()) if name == "guest_plugin" else text)
    metadata = tmp_path / "guests-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: guests\nVersion: 1\n")
    lines = [f"{name} = {name}" for name in PLUGINS if name.endswith("plugin")]
    others = [f"{name} = {name}:No" for name in PLUGINS if name.endswith("family")]
    (metadata / "entry_points.txt").write_text(
        "\n".join(["[onehalf.algorithms]", *lines, "[onehalf.problems]", *others, ""])
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(tmp_path), *os.environ.get("PYTHONPATH", "").split()])
    )
    for cached in (known, families.known_families):
        cached.cache_clear()
    yield tmp_path
    for cached in (known, families.known_families):
        cached.cache_clear()
    registered.pop("guest", None)


def test_a_child_describes_what_is_installed() -> None:
    with pytest.warns(RuntimeWarning) as told:
        found = known()["guest"]
    said = {str(each.message) for each in told}
    assert any(
        text.startswith("plugin ending_plugin: cannot be imported: it ends its process") for text in said
    )
    assert "plugin leaving_plugin: cannot be imported: SystemExit: 0; it is left out" in said
    assert "plugin odd_plugin: cannot be imported: Odd: no; it is left out" in said
    assert "plugin taking_plugin: the name guest is taken; it is left out" in said
    assert isinstance(found.function, StandIn)
    assert "guest" not in registered
    assert "guest_plugin" not in sys.modules
    assert found.over_reading is not None
    assert found.over_reading({"k": 1}, 5) == 0.25
    spec = resolve("guest[k=1]")
    assert (spec.origin, len(spec.digest)) == ("installed", 64)
    assert set(dependency_versions(spec)) == {"numpy"}
    with pytest.raises(InvalidValue, match="its check of the parameters failed: ZeroDivisionError"):
        resolve("guest[k=2]")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_installed_runs_and_is_checked_in_children(tmp_path: Path) -> None:
    result = oh.run(NEAR, ["guest"], trials=6, oracle="honest", directory=tmp_path / "run")
    assert set(result.trials.status) == {"halted"}
    assert replay(result, 0, 3).same
    report = check("guest")
    assert report.passed, str(report)
    assert "guest_plugin" not in sys.modules


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_function_that_the_caller_imported_is_the_installed_one(plugins: Path) -> None:
    (plugins / "guest_plugin.py").write_text(HONEST.format(pid=0))
    spec = resolve("guest")
    import guest_plugin  # type: ignore[import-not-found]

    assert resolve(guest_plugin.guest) == spec
    assert load_installed("guest").function is guest_plugin.guest
    assert resolve("guest") == spec


def test_a_family_that_is_installed_is_tried_in_a_child() -> None:
    folder = os.getcwd()
    with pytest.warns(RuntimeWarning) as told:
        assert "training" in families.known_families()
    said = {str(each.message) for each in told}
    assert any(text.startswith("family ending_family:No: ") and "ends its process" in text for text in said)
    assert any(text.startswith("family leaving_family:No: cannot be imported: SystemExit") for text in said)
    assert os.getcwd() == folder
