"""The digest of an algorithm changes with whatever defines it, and with nothing else."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from algorithms.algorithm import Algorithm
from algorithms.registry import known

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
    function = known()[name].function
    files = [inspect.getsourcefile(f) for f in (function, inspect.unwrap(function))]
    assert Path(str(files[0])).name == "restarts.py"
    assert len(set(files)) == 2
    both = b"".join(Path(str(file)).read_bytes() for file in files)
    assert known()[name].digest() == hashlib.sha256(both).hexdigest()


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
