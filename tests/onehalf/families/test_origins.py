"""Where a family comes from: an installed name, a user's file, the running program; and what a record keeps of it."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest

import onehalf as oh
from onehalf.families.simplex.problem import Simplex
from onehalf.plan.file import problems_of, read_experiment
from oracle import families
from oracle.errors import InvalidValue
from oracle.families import digest_of, families_in, family_at, find_family, make_problem, origin_of
from oracle.problems import Problem
from oracle.sources import digest_sources

PURSUIT = Path(__file__).parent / "plugins" / "basis_pursuit_0_1.py"
_PLAN = """
seed = 7
trials = 6
[[cells]]
problem = { family = "basis_pursuit_0_1.py::BasisPursuit", exponent = [20, 21] }
oracle = ["blind", "honest"]
algorithms = ["basis_pursuit_0_1.py::bp-solver", "coin-flip"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A user's file with a family."""
    return Path(shutil.copy(PURSUIT, tmp_path))


def written(place: Path, text: str) -> Path:
    """Return a file of some text, which imports basis pursuit from beside it."""
    shutil.copy(PURSUIT, place)
    head = "import dataclasses\nimport onehalf as oh\nimport basis_pursuit_0_1 as base\n"
    file = place / "own.py"
    file.write_text(head + text)
    return file


def test_a_file_s_family_is_found_by_class_by_name_and_alone(file: Path) -> None:
    found = find_family(f"{file}::BasisPursuit")
    assert found is find_family(f"{file}::basis-pursuit") is find_family(str(file))
    assert found is find_family(file.name, file.parent)
    assert (origin_of(found), digest_of(found)) == (f"{file}::BasisPursuit", digest_sources(file))
    assert family_at(origin_of(found), "basis-pursuit", digest_of(found)) is found
    (problem,) = problems_of(f"{file}::BasisPursuit[exponent=9,y=1/3]")
    assert problem.parameters() == {"y": "1/3", "radius": "1/10", "exponent": 9}


def test_what_ships_needs_no_digest() -> None:
    for name, family in families.known_families().items():
        assert (origin_of(family), digest_of(family), family_at("shipped", name)) == ("shipped", "", family)


def test_a_class_of_the_running_program_is_an_object() -> None:
    class Own(Simplex):
        family = "own"

    assert origin_of(Own()) == "object"
    assert digest_of(Own()) == digest_sources(Path(__file__))
    with pytest.raises(InvalidValue, match="defined inside the program that ran it"):
        family_at("object", "own")


def test_a_class_without_a_file_is_known_by_its_code() -> None:
    def made(body: str) -> type[Problem]:
        space: dict[str, object] = {"Simplex": Simplex, "__name__": "__nowhere__"}
        exec(f"class Own(Simplex):\n    family = 'own'\n    def sensitive(self, index): return {body}", space)
        return space["Own"]  # type: ignore[return-value]

    one, same, other = (digest_of(made(body)) for body in ("True", "True", "index == (0, 0)"))
    assert one == same != other
    assert len(one) == 64


def test_the_digest_covers_the_modules_beside_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'class Own(base.BasisPursuit):\n    family = "own"\n')
    before = find_family(str(file))
    with (tmp_path / PURSUIT.name).open("a") as helper:
        helper.write("\nCHANGED = True\n")
    after = find_family(str(file))
    assert digest_of(before) != digest_of(after)
    with pytest.raises(InvalidValue, match=rf"{file} has changed: its SHA-256 is {digest_of(after)[:12]}"):
        family_at(origin_of(before), "own", digest_of(before))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("class Own(oh.Simplex): pass", "takes the name simplex of a family that ships"),
        ("class Own(base.BasisPursuit):\n    family = 'a b'", "its name is 'a b', not text without brackets"),
        ("class Own(base.BasisPursuit):\n    family = 7", "its name is 7"),
        ("class Own(oh.Problem):\n    family = 'own'", "lacks what a family has: bound, check_output"),
        ("class A(base.BasisPursuit): pass\nclass B(A): pass", "holds more than one family; name one"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("raise SystemExit", "cannot be loaded: SystemExit"),
        ("", "holds no family of problems"),
    ],
)
def test_what_is_no_family_is_refused_in_a_sentence(text: str, rule: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=rule):
        find_family(str(written(tmp_path, text)))


def test_what_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(InvalidValue, match="is not in that file; choose one of BasisPursuit there"):
        find_family(f"{file}::Sign")
    with pytest.raises(InvalidValue, match=r"is no family of problems; choose one of .*simplex"):
        find_family("sign")
    with pytest.raises(InvalidValue, match=r"gone.py'?: is no file"):
        find_family(str(file.parent / "gone.py"))
    with pytest.raises(InvalidValue, match=r"gone.py \(SHA-256 abababababab…\) is missing"):
        family_at(f"{file.parent}/gone.py::Sign", "sign", "ab" * 32)
    with pytest.raises(InvalidValue, match=r"^problem=.sign.: is not installed here; install it"):
        family_at("installed", "sign")


def test_parameters_that_a_family_refuses_in_its_own_way(file: Path) -> None:
    with pytest.raises(InvalidValue, match="has no such parameter; it has y, radius, exponent"):
        make_problem(str(file), {"gap": 3})
    with pytest.raises(InvalidValue, match=r"cannot be made with \{'y': 'x'\} \(ValueError"):
        make_problem(f"{written(file.parent, _STRICT)}::Strict", {"y": "x"})


_STRICT = """
@dataclasses.dataclass(frozen=True)
class Strict(base.BasisPursuit):
    family = "strict"
    def __post_init__(self):
        float(self.y)
"""


def test_a_class_instead_of_an_instance_is_one_sentence() -> None:
    with pytest.raises(
        InvalidValue, match=r"^problem='Simplex': is a class, and .* of one; write Simplex\(\)"
    ):
        oh.run(oh.Simplex, "coin-flip")  # type: ignore[arg-type]


def test_seeds_do_not_depend_on_the_folder(tmp_path: Path) -> None:
    found = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(PURSUIT, folder)
        (folder / "plan.toml").write_text(_PLAN)
        experiment = read_experiment(folder / "plan.toml")
        assert {cell.coordinates["family"] for cell in experiment.cells} == {"basis-pursuit"}
        assert str(tmp_path) not in str([cell.coordinates for cell in experiment.cells])
        found.append(experiment.keys())
    assert found[0] == found[1]
    assert len(set(found[0])) == 8


def test_a_run_of_a_file_s_family_in_workers(file: Path) -> None:
    problem = make_problem(str(file), {"exponent": 60})
    trials = oh.run(problem, [f"{file}", "coin-flip"], oracle=["blind", "honest"], trials=8, jobs=2).trials
    assert set(trials.status) == {"halted"}
    blind = trials[trials.cell < 2]
    assert not ((blind.verdict_1 == "accepted") & (blind.verdict_2 == "accepted")).any()
    assert families_in(file) == {"BasisPursuit": type(problem)}


class Taken(Simplex):
    """A family of another distribution that takes the name of one that ships."""

    theory = ""


def test_what_is_installed_wrongly_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.entry_points
    monkeypatch.setattr("fractions.Taken", Taken, raising=False)
    more = [
        importlib.metadata.EntryPoint("x", value, families.ENTRY_POINTS)
        for value in ("fractions:Taken", "fractions:Fraction", "fractions:gone")
    ]
    families.known_families.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(importlib.metadata, "entry_points", lambda group: [*more, *real(group=group)])
        with pytest.warns(RuntimeWarning) as warned:
            assert families.known_families()["simplex"] is Simplex
    families.known_families.cache_clear()
    said = sorted(str(each.message) for each in warned)
    assert [line.partition("; it is left out")[0] for line in said] == [
        "family fractions:Fraction: cannot be imported: TypeError: is no family of problems",
        "family fractions:Taken: the name simplex is taken",
        "family fractions:gone: cannot be imported: AttributeError: module 'fractions' has no attribute 'gone'",
    ]
    known = families.known_families()
    named = [
        name for name, family in known.items() if not family.__module__.startswith("onehalf.families.stated.")
    ]
    assert named == ["training", "stability", "linear-program", "simplex"] == list(known)[:4]
