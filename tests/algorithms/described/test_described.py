"""A plugin file as a child describes it: what importing it does stays there, and what it says is read totally."""

import decimal
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import onehalf as oh
from algorithms.algorithm import Algorithm
from algorithms.described import asking
from algorithms.described.apart import NotSaid, said_apart
from algorithms.described.offers import offer_of
from algorithms.described.plain import read_algorithm, read_error, write_algorithm
from algorithms.registry import known, resolve
from oracle.errors import InvalidValue

HEAD = "import os, signal, sys, time\nimport onehalf as oh\n"
GOOD = '@oh.algorithm("mine")\ndef mine(task, rng, *, bits: int = 53):\n    """Does something."""\n'
# What a file does when it is imported, and what is said of it.
IMPORTS = {
    "ends": ("os._exit(3)", "importing it ends its process: the process ended itself with status 3"),
    "dies": (
        "os.kill(os.getpid(), signal.SIGKILL)",
        "importing it ends its process: the process died of SIGKILL",
    ),
    "hangs": ("time.sleep(60)", "importing it takes more than 1 s"),
    "exits": ("sys.exit('no')", "cannot be loaded: SystemExit: no"),
    "interrupts": ("raise KeyboardInterrupt", "cannot be loaded: KeyboardInterrupt"),
    "cannot say": (
        "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd",
        "cannot be loaded: Odd: .its text cannot be written",
    ),
    "shouts": ("os.write(mouth, b'noise\\n')", "importing it says what is no JSON"),
    "forges": ("os.write(mouth, b'{}\\n\"end\"\\n')", "it describes itself as nothing known"),
    "floods": (
        "[os.write(mouth, b'0' * 60_000) for _ in range(400)]",
        "importing it says more than 16777216 bytes",
    ),
}
# The end of the pipe by which the child speaks.
MOUTH = """
frame = sys._getframe()
while "sender" not in frame.f_locals:
    frame = frame.f_back
mouth = frame.f_locals["sender"].fileno()
"""


def nothing(*given: Any) -> Any:
    raise AssertionError


@pytest.mark.parametrize("name", IMPORTS)
def test_what_importing_a_file_does_is_a_sentence(tmp_path: Path, name: str) -> None:
    body, sentence = IMPORTS[name]
    file = tmp_path / "odd.py"
    file.write_text(f"{HEAD}{MOUTH}\n{body}\n{GOOD}")
    with pytest.raises(InvalidValue, match=sentence):
        offer_of(str(file), seconds=1.0 if name == "hangs" else 20.0)


def test_what_importing_a_file_changes_stays_in_the_child(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    file = tmp_path / "changes_much.py"
    file.write_text(
        HEAD
        + "import decimal, matplotlib\nprint('loading')\nos.write(1, b'loading')\nos.chdir('/')\n"
        + "decimal.getcontext().prec = 3\nmatplotlib.rcParams['font.size'] = 99\nsys.path.insert(0, '/nowhere')\n"
        + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsys.setrecursionlimit(200)\n"
        + f"open({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}} ')\n"
        + f"{GOOD}    return task.witness(task.members[0])\n"
    )
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    before = os.getcwd(), decimal.getcontext().prec, sys.path[:], sys.getrecursionlimit()
    status, out, err = command("algorithms", file)
    assert (status, "loading" in out + err) == (0, False)
    assert "bits" in out
    assert resolve(f"{file}[bits=7]").described().summary == "Does something."
    found = oh.run(oh.AlternatingTraining(), str(file), trials=2, directory=tmp_path / "out")
    assert set(found.trials["status"]) == {"halted"}
    assert (os.getcwd(), decimal.getcontext().prec, sys.path[:], sys.getrecursionlimit()) == before
    assert str(os.getpid()) not in (tmp_path / "pids").read_text().split()
    assert not [name for name in sys.modules if name.endswith(".changes_much")]


@pytest.mark.parametrize("name", sorted(known()))
def test_a_description_has_all_that_planning_needs(name: str) -> None:
    whole = known()[name]
    said = json.loads(json.dumps(write_algorithm(whole), allow_nan=False))
    found = read_algorithm(said, nothing, nothing)
    assert found.parameters == whole.parameters
    same = (
        "name",
        "role",
        "families",
        "requires",
        "batched",
        "setting",
        "inner",
        "ranges",
        "summary",
        "sources",
    )
    assert [getattr(found, each) for each in same] == [getattr(whole, each) for each in same]
    assert (found.check is None, found.over_reading is None) == (
        whole.check is None,
        whole.over_reading is None,
    )
    with pytest.raises(TypeError, match="a description of an algorithm is no algorithm"):
        found.function(None, None)


def test_checks_and_closed_forms_are_asked_of_a_child(tmp_path: Path) -> None:
    file = tmp_path / "checked.py"
    file.write_text(
        HEAD
        + "def check(given):\n    if given['k'] == 2: raise ValueError('two')\n"
        + "    if given['k'] == 3: raise oh.InvalidValue('k', 3, 'is three', 'take another')\n"
        + "    if given['k'] == 4: os._exit(7)\n"
        + '@oh.algorithm("checked", check=check, over_reading=lambda given, depth: given["k"] / depth)\n'
        + "def checked(task, rng, *, k: int = 1, odd=os.sep.encode(), **rest): ...\n"
    )
    spec = resolve(f"{file}[k=1,new=2.5]")
    assert dict(spec.parameters) == {"k": 1, "new": 2.5}
    assert spec.described().over_reading({"k": 1}, 4) == 0.25  # type: ignore[misc]
    assert repr(spec.described().parameters["odd"].default) == "b'/'"
    for k, sentence in (
        (2, "its check of the parameters failed: ValueError: two; correct the check"),
        (3, "k=3: is three; take another"),
        (
            4,
            "its check of the parameters failed: it ends its process: the process ended itself with status 7",
        ),
        ("x", "checked wants a value of type int"),
    ):
        with pytest.raises(InvalidValue, match=sentence):
            resolve(f"{file}[k={k}]")


def test_a_child_may_be_silent_for_so_long() -> None:
    assert list(said_apart(lambda say: [say(value) for value in ([], None, {"a": 1})] and None, 5.0)) == [
        [],
        None,
        {"a": 1},
    ]
    with pytest.raises(NotSaid, match=r"takes more than 0\.1 s"):
        list(said_apart(lambda say: signal.pause(), 0.1))


def test_a_file_is_described_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "once.py"
    file.write_text(HEAD + GOOD)
    first = offer_of(str(file))
    monkeypatch.setattr(asking, "said_apart", nothing)
    assert offer_of(str(file)) is first


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_WHOLE = write_algorithm(known()["hedge"])


@given(st.sampled_from(sorted(_WHOLE)), _JSON)
def test_whatever_is_said_is_an_algorithm_or_refused(place: str, value: Any) -> None:
    assert read_error(value) is None
    for said in (value, {**_WHOLE, place: value}, {**_WHOLE, "parameters": [["p", value, ["int"]]]}):
        try:
            assert isinstance(read_algorithm(said, nothing, nothing), Algorithm)
        except ValueError:
            continue
