"""Parameters: spelt, typed by the signature, described by the docstring, expanded to grids."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.algorithm import Algorithm
from algorithms.parameters.signatures import parameters_of
from algorithms.parameters.spelling import spell, split_parameters
from algorithms.registry import forget, known, resolve, resolve_all, shipped_names
from onehalf.plan.experiment import Experiment, experiment_from_json
from onehalf.plan.file import read_experiment
from oracle.errors import InvalidValue

_NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
_SCALARS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.text(max_size=12),
)
_VALUES = st.one_of(
    _SCALARS, st.lists(_SCALARS, max_size=4), st.lists(st.lists(_SCALARS, max_size=2), max_size=2)
)


def typed(
    task: Any,
    rng: Any,
    *,
    count: int = 3,
    rate: float = 0.5,
    flag: bool = False,
    mode: str = "fast",
    widths: tuple[int, ...] = (8,),
    limit: int | None = None,
    free: Any = None,
) -> None:
    """Do nothing.

    Parameters
    ----------
    count : int
        How many. They are counted from 1,
        not from 0.
    rate, limit : float, int
        How fast; slower is safer.
    widths
        One for each layer

    Returns
    -------
    mode : str
        Not a parameter's entry.
    """


ALGORITHM = Algorithm("typed", typed)


@given(st.dictionaries(_NAMES, _VALUES, max_size=3))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_what_is_spelt_is_read_again(parameters: dict[str, Any]) -> None:
    assert split_parameters(spell("name", parameters.items())) == ("name", parameters)


@pytest.mark.parametrize("text", ["a[", "a[b]", "a[b=1", "a[b=1,b=2]", "a[1=2]", "a[b=1]c"])
def test_brackets_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"parameters are written name\[param=value"):
        split_parameters(text)


def test_help_is_the_first_sentence_of_the_docstring() -> None:
    found = parameters_of(typed)
    assert found["count"].help == "How many"
    assert found["rate"].help == found["limit"].help == "How fast"
    assert found["widths"].help == "One for each layer"
    assert found["mode"].help == ""
    assert [found[n].kind for n in ("rate", "limit", "widths", "free")] == [
        "float",
        "int or None",
        "tuple",
        "any",
    ]


@pytest.mark.parametrize(
    ("given_", "settled"),
    [
        ({"rate": 1}, (("rate", 1.0),)),
        ({"widths": [4, 4]}, (("widths", (4, 4)),)),
        ({"limit": None}, (("limit", None),)),
        ({"mode": "slow", "count": 2}, (("count", 2), ("mode", "slow"))),
        ({"free": [1]}, (("free", (1,)),)),
    ],
)
def test_values_take_their_canonical_form(
    given_: dict[str, Any], settled: tuple[tuple[str, Any], ...]
) -> None:
    assert ALGORITHM.settle(given_) == settled
    assert [type(v) for _, v in ALGORITHM.settle(given_)] == [type(v) for _, v in settled]


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"count": 1.5}, r"count=1.5: typed wants a value of type int; give one, such as 3"),
        ({"count": True}, r"count=True: typed wants a value of type int"),
        ({"flag": 1}, r"flag=1: typed wants a value of type bool"),
        ({"mode": 3}, r"mode=3: typed wants a value of type str"),
        ({"widths": 8}, r"widths=8: typed wants a value of type tuple"),
        ({"limit": "x"}, r"limit='x': typed wants a value of type int or None; give one$"),
        ({"colour": 1}, r"colour=1: typed has no such parameter; it has: count, rate"),
    ],
)
def test_values_of_another_type_are_refused(given_: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        ALGORITHM.settle(given_)


def test_a_parameter_without_default_must_be_given() -> None:
    def needs(task: Any, rng: Any, *, depth: int) -> None: ...

    with pytest.raises(InvalidValue, match="depth=None: needs needs this parameter"):
        Algorithm("needs", needs).settle({})


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("reader[bits=[46,53]]", ["reader[bits=46]", "reader[bits=53]"]),
        ("reader", ["reader"]),
        ({"algorithm": "reader", "parameters": {"bits": [46, 53]}}, ["reader[bits=46]", "reader[bits=53]"]),
        ({"algorithm": "reader[bits=3]"}, None),
        ("random-depth[stop=[1,0.5]]", ["random-depth[stop=1.0]", "random-depth[stop=0.5]"]),
    ],
)
def test_a_list_where_a_scalar_is_wanted_is_a_grid(written: Any, labels: list[str] | None) -> None:
    if labels is None:
        with pytest.raises(InvalidValue, match="is no algorithm"):
            resolve_all(written)
    else:
        assert [spec.label for spec in resolve_all(written)] == labels


def test_a_list_where_a_list_is_wanted_is_one_value(tmp_path: Path) -> None:
    plugin = tmp_path / "wide.py"
    plugin.write_text(
        "import onehalf\n@onehalf.algorithm('wide')\n"
        "def wide(task, rng, *, widths=(8,), bits: int = 3): return None\n"
    )
    assert len(resolve_all(f"{plugin}[widths=[8,8]]")) == 1
    assert len(resolve_all(f"{plugin}[widths=[[8],[8,8]],bits=[1,2,3]]")) == 6


def test_a_grid_is_no_single_algorithm_and_not_empty() -> None:
    with pytest.raises(InvalidValue, match="is a grid, and one algorithm is wanted"):
        resolve("reader[bits=[1,2]]")
    with pytest.raises(InvalidValue, match="a grid has at least one value"):
        resolve_all("reader[bits=[]]")


def test_an_experiment_file_with_tables_and_grids_survives_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import onehalf\n@onehalf.algorithm('mine')\ndef mine(task, rng, *, depth: int = 1): return None\n"
    )
    (tmp_path / "program.sh").write_text("exit 0\n")
    file = tmp_path / "experiment.toml"
    file.write_text(
        """
        [[cells]]
        problem = "training"
        oracle = "decoy"
        algorithms = [
            "reader[bits=[3,4]]",
            { algorithm = "mine.py::mine", parameters = { depth = [1, 2] } },
            { program = ["sh", "program.sh", "-v"], name = "mine-too", parameters = { bits = [1, 2] } },
            "exec:sh program.sh",
        ]
        """
    )
    experiment = read_experiment(file)
    assert [cell.spec.label for cell in experiment.cells] == [
        "reader[bits=3]",
        "reader[bits=4]",
        "mine[depth=1]",
        "mine[depth=2]",
        "mine-too[bits=1]",
        "mine-too[bits=2]",
        "program.sh",
    ]
    assert experiment.cells[4].spec.origin == f"exec:sh {tmp_path / 'program.sh'} -v"
    again: Experiment = experiment_from_json(experiment.as_json())
    assert [cell.spec for cell in again.cells] == [cell.spec for cell in experiment.cells]


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"algorithm": "reader", "program": ["x"]},
        {"algorithm": "reader", "bits": 3},
        {"algorithm": "reader", "name": "mine"},
        {"program": ["sh"], "parameters": [1]},
    ],
)
def test_tables_that_are_not_well_formed(table: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="names either an algorithm or a program"):
        resolve_all(table)


@pytest.mark.parametrize("program", ["./x", [], [1]])
def test_a_program_is_a_list_of_words(program: Any) -> None:
    with pytest.raises(InvalidValue, match="must be a list of words"):
        resolve_all({"program": program})


@pytest.mark.parametrize("name", sorted(shipped_names()))
def test_everything_that_ships_describes_its_parameters(name: str) -> None:
    algorithm = known()[name]
    undescribed = [p.name for p in algorithm.parameters.values() if not p.help or not p.types]
    assert not undescribed
    assert algorithm.summary.endswith((".", ")."))


def _refuse(found: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        found()


def test_files_that_are_no_plugins(tmp_path: Path) -> None:
    for text, sentence in (
        ("raise KeyError('x')", "cannot be loaded: KeyError"),
        ("import sys; sys.exit(3)", "cannot be loaded: SystemExit: 3"),
        ("x = 1", "registers no algorithm; decorate"),
        ("def f(:", "cannot be loaded: SyntaxError"),
    ):
        file = tmp_path / f"plugin{abs(hash(text))}.py"
        file.write_text(text)
        _refuse(lambda path=str(file): resolve(path), sentence)  # type: ignore[misc]
    _refuse(lambda: resolve(str(tmp_path / "none.py")), "does not exist")


def test_a_changed_file_is_loaded_anew_and_an_old_spec_says_so(tmp_path: Path) -> None:
    file = tmp_path / "changing.py"
    text = "import onehalf\n@onehalf.algorithm('changing')\ndef f(task, rng): return {}\n"
    file.write_text(text.format(1))
    first = resolve(str(file))
    file.write_text(text.format(100))
    second = resolve(str(file))
    assert second.load().function(None, None) == 100
    assert first.digest != second.digest
    forget()
    _refuse(first.load, "its source has changed since the experiment was planned")


def test_a_file_that_changed_within_a_second_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "quick.py"
    for nanoseconds, answer in ((10**18, 1), (10**18 + 10**8, 2)):
        file.write_text(f"import onehalf\n@onehalf.algorithm('quick')\ndef f(task, rng): return {answer}\n")
        os.utime(file, ns=(nanoseconds, nanoseconds))
        assert resolve(str(file)).load().function(None, None) == answer


def test_a_plugin_imports_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside_the_plugin.py").write_text("ANSWER = 42\n")
    (tmp_path / "main_plugin.py").write_text(
        "import onehalf\n@onehalf.algorithm('beside')\n"
        "def f(task, rng):\n    import beside_the_plugin\n    return beside_the_plugin.ANSWER\n"
    )
    assert resolve(str(tmp_path / "main_plugin.py")).load().function(None, None) == 42


def test_a_plugin_may_check_its_parameters_and_none_need(tmp_path: Path) -> None:
    file = tmp_path / "checked.py"
    file.write_text(
        "import onehalf as oh\n"
        "def even(parameters):\n"
        "    if 12 % parameters['depth']:\n"
        "        raise oh.InvalidValue('depth', parameters['depth'], 'must divide 12', 'take 1, 2, 3, …')\n"
        "@oh.algorithm('checked', check=even)\n"
        "def checked(task, rng, *, depth=4):\n    return None\n"
        "@oh.algorithm('unchecked')\n"
        "def unchecked(task, rng, *, depth=4, bits=-1, q=7.0):\n    return None\n"
    )
    assert resolve(f"{file}::checked").parameters == ()
    assert resolve(f"{file}::checked[depth=3]").parameters == (("depth", 3),)
    assert resolve(f"{file}::unchecked[depth=0]").label == "unchecked[depth=0]"
    with pytest.raises(InvalidValue, match=r"^depth=5: must divide 12; take 1, 2, 3"):
        resolve(f"{file}::checked[depth=5]")
    with pytest.raises(InvalidValue, match=r"^algorithm='checked': its check .* failed: ZeroDivisionError: "):
        resolve(f"{file}::checked[depth=0]")


def test_a_plugin_made_by_a_wrapper_is_known_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "wrapped.py"
    text = (
        "import onehalf\nclass Descend:\n    def __call__(self, loss, start, rng): return start, True\n"
        "onehalf.from_minimiser('wrapped', Descend())\n"
    )
    file.write_text(text)
    first = resolve(str(file))
    forget()
    assert first.load().name == "wrapped"
    file.write_text(text + "# changed\n")
    assert resolve(str(file)).digest != first.digest
