"""Each user's file in a namespace of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import onehalf
from oracle.namespaces import SourceChanged, forget_modules, load_module, pack

HOME = Path(__file__).resolve().parents[2]


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a folder, and return the first."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / next(iter(files))


def module(folder: Path, files: Mapping[str, str]) -> Any:
    return load_module(written(folder, files)).module


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """See to it that a test leaves the interpreter's own names and places as they were."""
    before, places = set(sys.modules), list(sys.path)
    yield
    forget_modules()
    assert sys.path == places
    assert {
        name for name in set(sys.modules) - before if name in ("utils", "helper", "pack", "bare")
    } == set()
    assert not any(name.startswith("onehalf_plugin_") for name in sys.modules)


def test_two_files_with_a_helper_of_one_name_have_each_their_own(tmp_path: Path) -> None:
    made = [
        module(
            tmp_path / str(k),
            {"plug.py": "import utils\ndef f():\n    return utils.K\n", "utils.py": f"K = {k}\n"},
        )
        for k in range(2)
    ]
    assert [each.f() for each in made] == [0, 1]
    assert "utils" not in sys.modules


@pytest.mark.parametrize("name", ["analysis", "oracle", "algorithms", "json", "random", "numpy", "builtins"])
def test_a_helper_hides_nobodys_module_and_is_hidden_by_none(tmp_path: Path, name: str) -> None:
    text = f"import {name}\nfrom {name} import K\nimport onehalf\ndef f():\n    return {name}.K, K, onehalf.Claim\n"
    before = sys.modules.get(name)
    found = module(tmp_path, {"plug.py": text, f"{name}.py": "K = 'mine'\n"})
    assert found.f() == ("mine", "mine", onehalf.Claim)
    assert sys.modules.get(name) is before


def test_onehalf_is_never_taken_from_beside(tmp_path: Path) -> None:
    files = {"plug.py": "import onehalf\nimport onehalf.cli\n", "onehalf.py": "raise SystemExit\n"}
    assert module(tmp_path, files).onehalf is onehalf


def test_a_file_called_like_a_module_that_it_imports_gets_the_other(tmp_path: Path) -> None:
    import json

    assert module(tmp_path, {"json.py": "import json\nfrom json import dumps\n"}).json is json


@pytest.mark.parametrize(
    "text",
    [
        "from . import helper\nvalue = helper.K",
        "from .helper import K as value",
        "from .pack.inner import K as value",
        "from pack import inner\nvalue = inner.K",
        "import pack.inner\nvalue = pack.inner.K",
        "import pack.inner as inner\nvalue = inner.K",
        "from pack.outer import value",
        "import bare.inner\nvalue = bare.inner.K",
        "import importlib\nvalue = importlib.import_module('.helper', __package__).K",
        "value = __import__('helper').K",
        "from helper import *\nvalue = K",
    ],
)
def test_every_way_of_importing_what_stands_beside(tmp_path: Path, text: str) -> None:
    files = {
        "plug.py": text + "\n",
        "helper.py": "K = 7\n",
        "pack/__init__.py": "",
        "pack/inner.py": "K = 7\n",
        "pack/outer.py": "from ..helper import K\nfrom .inner import K as again\nimport helper\nvalue = helper.K\n",
        "bare/inner.py": "K = 7\n",
    }
    assert module(tmp_path, files).value == 7


def test_an_import_inside_a_function_finds_what_stands_beside_when_it_is_called(tmp_path: Path) -> None:
    files = {"plug.py": "def f():\n    import helper\n    return helper.g()\n"}
    files["helper.py"] = "def g():\n    from deeper import K\n    return K\n"
    files["deeper.py"] = "K = 3\n"
    assert module(tmp_path, files).f() == 3


def test_a_late_import_gets_what_the_digest_was_taken_of(tmp_path: Path) -> None:
    found = module(
        tmp_path, {"plug.py": "def f():\n    import helper\n    return helper.K\n", "helper.py": "K = 1\n"}
    )
    (tmp_path / "helper.py").write_text("K = 2\n")
    assert found.f() == 1
    assert load_module(tmp_path / "plug.py").module.f() == 2


def test_modules_may_import_each_other(tmp_path: Path) -> None:
    files = {"plug.py": "import a\nK = 1\ndef f():\n    return a.f()\n"}
    files["a.py"] = "import b\nJ = 2\ndef f():\n    return b.f()\n"
    files["b.py"] = "import a\nimport plug\ndef f():\n    return a.J + plug.K\n"
    found = module(tmp_path, files)
    assert found.f() == 3
    assert sys.modules[found.a.b.__name__].plug is found


def test_a_helper_changed_within_the_same_second_is_the_new_one(tmp_path: Path) -> None:
    files = {"plug.py": "from helper import K\n", "helper.py": "K = 10\n"}
    file = written(tmp_path, files)
    seen = []
    for value in (10, 11, 12, 10):
        (tmp_path / "helper.py").write_text(f"K = {value}\n")
        os.utime(tmp_path / "helper.py", (1, 1))
        seen.append(load_module(file).module.K)
    assert seen == [10, 11, 12, 10]


def test_a_file_is_executed_once_while_it_stays_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, {"plug.py": "import helper\n", "helper.py": ""})
    assert load_module(file) is load_module(tmp_path / "." / "plug.py")
    copy = written(tmp_path / "copy", {"plug.py": "import helper\n", "helper.py": ""})
    assert load_module(copy).digest == load_module(file).digest
    assert load_module(copy).module is not load_module(file).module


def test_a_file_with_another_digest_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, {"plug.py": "import helper\n", "helper.py": "K = 1\n"})
    digest = load_module(file).digest
    assert load_module(file, digest).module.helper.K == 1
    (tmp_path / "helper.py").write_text("K = 2\n")
    with pytest.raises(SourceChanged, match="has changed"):
        load_module(file, digest)


@pytest.mark.parametrize(
    ("helper", "error"),
    [("def f(:\n", SyntaxError), ("raise SystemExit(3)\n", SystemExit), ("1/0\n", ZeroDivisionError)],
)
def test_a_failure_leaves_nothing_and_the_mended_file_is_loaded(
    tmp_path: Path, helper: str, error: type[BaseException]
) -> None:
    file = written(
        tmp_path, {"plug.py": "import first\nimport helper\n", "first.py": "", "helper.py": helper}
    )
    before, places, finders = set(sys.modules), list(sys.path), list(sys.meta_path)
    for _ in range(2):
        with pytest.raises(error):
            load_module(file)
        assert (set(sys.modules), sys.path, sys.meta_path) == (before, places, finders)
    (tmp_path / "helper.py").write_text("K = 1\n")
    assert load_module(file).module.helper.K == 1


def test_a_name_that_is_no_identifiers_and_one_like_it_are_two_modules(tmp_path: Path) -> None:
    files = {"my-plugin.py": "import plugin\nK = plugin.K\n", "plugin.py": "K = 5\n"}
    assert module(tmp_path, files).K == 5


def test_threads_load_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / str(k) for k in range(4)]
    files = [
        written(
            f,
            {
                "plug.py": "import time\ntime.sleep(0.02)\nimport utils\nK = utils.K\n",
                "utils.py": f"K = {k}\n",
            },
        )
        for k, f in enumerate(folders)
    ]
    found: dict[int, list[Any]] = {k: [] for k in range(4)}

    def load(k: int) -> None:
        found[k].append(load_module(files[k]))

    threads = [threading.Thread(target=load, args=(k,)) for k in [*range(4), *range(4)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[each.module.K for each in found[k]] for k in range(4)] == [[k, k] for k in range(4)]
    assert all(first is second for first, second in found.values())


_FILE = """
import helper
class Made:
    def __init__(self, k):
        self.k = k
    def value(self):
        import helper
        return self.k + helper.K
    class Inner:
        K = 4
def function():
    from helper import K
    return K
double = lambda x: 2 * x * helper.K
def make(k):
    def inner(x):
        return x + k + helper.K
    return inner
instance = Made(5)
"""
_HELPER = "K = 10\nclass Base:\n    def value(self):\n        return K\n"
_UNPICKLE = "import pickle, sys; v = pickle.load(open(sys.argv[1], 'rb')); print({})"


@pytest.mark.parametrize(
    ("take", "shown", "expected"),
    [
        (lambda m: m.Made, "v(1).value()", "11"),
        (lambda m: m.Made.Inner, "v.K", "4"),
        (lambda m: m.function, "v()", "10"),
        (lambda m: m.instance, "v.value()", "15"),
        (lambda m: m.instance.value, "v()", "15"),
        (lambda m: m.double, "v(3)", "60"),
        (lambda m: m.make(2), "v(1)", "13"),
        (lambda m: m, "v.function()", "10"),
        (lambda m: m.helper, "v.K", "10"),
        (lambda m: m.helper.Base, "v().value()", "10"),
        (lambda m: [m.helper.Base(), {"a": m.Made}], "v[0].value() + v[1]['a'](1).value()", "21"),
    ],
)
def test_what_a_file_defines_is_made_again_in_a_fresh_process(
    tmp_path: Path, take: Callable[[ModuleType], Any], shown: str, expected: str
) -> None:
    found = module(tmp_path, {"plug.py": _FILE, "helper.py": _HELPER})
    body = pack(take(found))
    (tmp_path / "body").write_bytes(body)
    program = [sys.executable, "-c", _UNPICKLE.format(shown), str(tmp_path / "body")]
    done = subprocess.run(
        program,
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(HOME)},
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_what_a_changed_file_defined_is_not_made_again(tmp_path: Path) -> None:
    body = pack(module(tmp_path, {"plug.py": _FILE, "helper.py": _HELPER}).function)
    assert pickle.loads(body)() == 10
    (tmp_path / "helper.py").write_text("K = 11\n")
    with pytest.raises(SourceChanged):
        pickle.loads(body)
