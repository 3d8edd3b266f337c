"""The digest of an algorithm changes with whatever defines it, and with nothing else."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import algorithms
from algorithms.algorithm import Algorithm
from algorithms.described.offers import load_file
from algorithms.digests import defining, shipped_digest, source_files
from algorithms.registry import known, resolve, same_source, shipped_names
from oracle.errors import InvalidValue
from oracle.sources import digest_sources

DECORATOR = "import functools\ndef twice(f):\n    return functools.wraps(f)(lambda *given: {} * f(*given))\n"
DECORATED = "def make(twice):\n    @twice\n    def f(task, rng):\n        return {}\n    return f\n"


def loaded(path: Path, text: str) -> ModuleType:
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digest(function: Callable[..., Any]) -> str:
    return Algorithm("named", function).digest()


def test_what_a_decorator_made_is_defined_by_both_files(tmp_path: Path) -> None:
    digests = set()
    for factor, value in ((2, 3), (2, 4), (5, 4)):
        folder = tmp_path / f"{factor}{value}"
        folder.mkdir()
        decorator = loaded(folder / "decorator.py", DECORATOR.format(factor))
        made = loaded(folder / "decorated.py", DECORATED.format(value)).make(decorator.twice)
        assert made(None, None) == factor * value
        assert digest(made) == digest(made)
        digests.add(digest(made))
    assert len(digests) == 3


def test_the_digest_of_a_plain_function_is_that_of_its_file(tmp_path: Path) -> None:
    text = "def f(task, rng):\n    return 1\n"
    module = loaded(tmp_path / "plain.py", text)
    assert digest(module.f) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ["scipy-bfgs", "scipy-powell", "cma-es", "simulated-annealing"])
def test_a_restarted_minimiser_is_defined_by_its_file_and_by_what_restarts_it(name: str) -> None:
    files = source_files(known()[name].function)
    assert [file.name for file in files][:2] == ["trainer.py", "restarts.py"]
    assert len(files) == 3
    both = b"\0".join(defining(file.read_bytes()) for file in files)
    assert known()[name].digest() == hashlib.sha256(both).hexdigest()


MOVED = """'''Another docstring.'''
import typing
from algorithms.elsewhere import (
    Claim,
)
if typing:
    pass
if TYPE_CHECKING:
    from other import Task

# A comment.
RATE = 0.1; import late

@decorated(
    RATE,
)
def f(task, rng):
    # What stands within counts.
    return RATE
"""
FIRST = """'''What it does.'''
import typing as typing
if typing:
    pass
RATE = 0.1
@decorated(
    RATE,
)
def f(task, rng):
    # What stands within counts.
    return RATE
"""


def test_of_what_ships_imports_and_docstring_do_not_count() -> None:
    assert defining(MOVED.encode()) == defining(FIRST.encode())
    assert b"import" not in defining(FIRST.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.1", "0.2"),
        ("return RATE", "return 2"),
        ("within", "inside"),
        ("decorated", "plain"),
        ("if", "if not"),
    ],
)
def test_of_what_ships_every_statement_counts(old: str, new: str) -> None:
    assert defining(FIRST.replace(old, new).encode()) != defining(FIRST.encode())


def test_what_ships_has_the_same_digest_wherever_its_file_stands(tmp_path: Path) -> None:
    function = known()["coin-flip"].function
    file = source_files(function)[0]
    (tmp_path / "elsewhere").mkdir()
    moved = loaded(
        tmp_path / "elsewhere" / "flips.py",
        "# Moved.\n" + FIRST.replace("@decorated(\n    RATE,\n)\n", ""),
    )
    here = loaded(tmp_path / "plain.py", FIRST.replace("@decorated(\n    RATE,\n)\n", ""))
    assert shipped_digest(moved.f) == shipped_digest(here.f)
    assert shipped_digest(function) == hashlib.sha256(defining(file.read_bytes())).hexdigest()


def test_the_digests_of_release_0_1_stand_for_todays_algorithms() -> None:
    listed = json.loads((Path(algorithms.__file__).parent / "releases.json").read_text())["0.1.0"]
    assert set(listed) <= shipped_names()
    assert len(set(listed.values())) > 15
    for name, digest in listed.items():
        today = known()[name].digest()
        assert digest != today
        assert same_source(name, "shipped", digest, today)
        assert not same_source(name, "shipped", "0" * 64, today)
        assert not same_source(name, "installed", digest, today)


@given(recorded=st.text("ab", max_size=3), present=st.text("ab", max_size=3))
def test_two_digests_of_a_plugin_are_one_source_if_they_are_equal(recorded: str, present: str) -> None:
    assert same_source("mine", "/somewhere/mine.py", recorded, present) == (recorded == present)


def test_a_function_in_a_file_is_defined_by_the_helpers_beside_it_too(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "a_helper_beside.py").write_text("K = 1\n")
    function = loaded(tmp_path / "script.py", "import a_helper_beside\ndef f(task, rng):\n    return 1\n").f
    before = digest(function)
    assert before == digest_sources(tmp_path / "script.py")
    (tmp_path / "a_helper_beside.py").write_text("K = 2\n")
    assert digest(function) != before


def test_a_function_of_a_library_is_defined_by_its_file_alone() -> None:
    file = Path(str(inspect.getsourcefile(json.dumps)))
    assert (file.parent / "decoder.py").exists()
    assert digest(json.dumps) == hashlib.sha256(file.read_bytes()).hexdigest()


def test_an_installed_plugin_is_defined_by_its_package(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "a_lab"
    package.mkdir()
    for name, text in (
        ("__init__", ""),
        ("near", "K = 1\n"),
        ("plug", "from a_lab.near import K\ndef f(t, r): ...\n"),
    ):
        (package / f"{name}.py").write_text(text)
    found = Algorithm("named", importlib.import_module("a_lab.plug").f)
    before = found.digest(installed=True)
    (package / "near.py").write_text("K = 2\n")
    assert found.digest(installed=True) != before


PLUGIN = """import onehalf as oh
@oh.algorithm("weighted", sources={sources})
def f(task, rng):
    return task.witness(task.members[0])
@oh.algorithm("plain")
def g(task, rng):
    return task.witness(task.members[0])
"""


def test_the_digest_covers_declared_data(tmp_path: Path) -> None:
    file = tmp_path / "plug.py"
    file.write_text(PLUGIN.format(sources=["data/weights.npz"]))
    with pytest.raises(InvalidValue, match=r"weights.npz'?: is no file in"):
        load_file(str(file))
    (tmp_path / "data").mkdir()
    seen = []
    for body in (b"1", b"2"):
        (tmp_path / "data" / "weights.npz").write_bytes(body)
        seen.append([resolve(f"{file}::{name}").digest for name in ("weighted", "plain")])
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] == seen[1][1] == hashlib.sha256(file.read_bytes()).hexdigest()
    spec = resolve(f"{file}::weighted")
    spec.load()
    (tmp_path / "data" / "weights.npz").unlink()
    with pytest.raises(InvalidValue, match="cannot be read"):
        resolve(f"{file}::weighted")


def test_declared_data_is_a_list_of_paths(tmp_path: Path) -> None:
    file = tmp_path / "plug.py"
    file.write_text(PLUGIN.format(sources="'weights.npz'"))
    with pytest.raises(InvalidValue, match="must be a list of paths"):
        load_file(str(file))


def test_two_algorithms_of_one_name_in_one_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "plug.py"
    file.write_text(PLUGIN.format(sources=[]).replace('"plain"', '"weighted"'))
    with pytest.raises(InvalidValue, match="registered twice in one file"):
        load_file(str(file))


def test_the_name_of_what_ships_is_refused_to_a_file_and_to_a_function(tmp_path: Path) -> None:
    file = tmp_path / "plug.py"
    file.write_text(PLUGIN.format(sources=[]).replace('"plain"', '"coin-flip"'))
    with pytest.raises(InvalidValue, match="name of an algorithm that ships"):
        load_file(str(file))

    def f(task: Any, rng: Any) -> None: ...

    with pytest.raises(InvalidValue, match="name of an algorithm that ships"):
        resolve(Algorithm("coin-flip", f))
    assert known()["coin-flip"].ships


def test_without_a_file_constants_and_inner_functions_count_and_lines_do_not() -> None:
    def typed_in(text: str) -> Callable[..., Any]:
        space: dict[str, Any] = {}
        exec(text, space)
        found: Callable[..., Any] = space["f"]
        return found

    first = "def f(task, rng):\n    rate = 0.1\n    return (lambda x: x in {'a', 'b'})(rate)\n"
    assert digest(typed_in(first)) == digest(typed_in("\n\n" + first))
    others = [first.replace("0.1", "0.2"), first.replace("'b'", "'c'"), first.replace("x in", "x not in")]
    assert len({digest(typed_in(text)) for text in [first, *others]}) == 4


def test_without_any_code_the_name_counts() -> None:
    assert digest(str.upper) == hashlib.sha256(b"named").hexdigest()
