"""The measure itself: what is drawn depends on the seed alone, and a mutant's fate on the tests that see its line."""

import ast
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

from tests.mutation.campaign import fates, run
from tests.mutation.mutants import Mutant, mutants_of, sampled
from tests.mutation.operators import OWN, kind
from tests.mutation.seen import Seen
from tests.mutation.spine import ELSEWHERE, HOME, SPINE, part_of, rooms_of
from tests.mutation.table import equivalent, survivors, table

_FILE = "oracle/checks.py"


@pytest.mark.parametrize("operator", OWN.values(), ids=list(OWN))
def test_an_operator_does_what_its_examples_say(operator: type[Operator]) -> None:
    for example in operator.examples():
        assert (
            mutate_code(example.pre_mutation_code, operator(), example.occurrence)
            == example.post_mutation_code
        )


def test_a_draw_depends_on_its_seed_alone_and_holds_places_of_every_kind_once() -> None:
    drawn = sampled([_FILE], 30, 7)
    assert drawn == sampled([_FILE], 30, 7) != sampled([_FILE], 30, 8)
    assert len({(mutant.line, mutant.column, kind(mutant.operator)) for mutant in drawn}) == len(drawn) == 30


def test_every_mutant_is_another_program() -> None:
    code = (HOME / _FILE).read_text(encoding="utf-8")
    for mutant in sampled([_FILE], 60, 1):
        assert ast.dump(ast.parse(mutant.source())) != ast.dump(ast.parse(code)), mutant


def test_no_mutant_changes_an_annotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.mutation.mutants.HOME", tmp_path)
    (tmp_path / "f.py").write_text(
        "def f(a: int | str = 1 | 2) -> int | str:\n    b: int | str = a\n    return b\n"
    )
    assert {m.column for m in mutants_of("f.py") if kind(m.operator) == "ReplaceBinaryOperator"} == {23}


def test_every_file_of_the_spine_has_one_part_and_every_room_exists() -> None:
    files = [path for part in SPINE for path in part.files()]
    assert len(files) == len(set(files)) > 100
    assert all((HOME / room).exists() for room in rooms_of(SPINE))
    assert all((HOME / test).exists() for tests in ELSEWHERE.values() for test in tests)
    assert {part_of(path).name for path in files} == {part.name for part in SPINE}


def test_a_line_that_no_test_executes_falls_to_those_that_see_its_file() -> None:
    seen = Seen({"f.py": {0: ["slow", "quick"], 3: ["slow"]}}, {"slow": 2.0, "quick": 0.1})
    assert seen.tests("f.py", 3) == ["slow"]
    assert seen.tests("f.py", 4) == ["quick", "slow"]
    assert seen.tests("g.py", 1) == []


def test_a_mutant_is_killed_by_a_test_that_sees_it_and_survives_one_that_does_not(tmp_path: Path) -> None:
    mutant = next(m for m in mutants_of("analysis/wording.py") if m.operator == "DroppedStatement")
    near, far = (
        "tests/analysis/test_wording.py",
        "tests/mutation/test_campaign.py::test_a_cut_off_line_of_a_record_does_not_count",
    )
    ends = []
    for number, test in enumerate([near, far]):
        folder = tmp_path / str(number)
        folder.mkdir()
        ends += run([mutant], Seen({mutant.path: {mutant.line: [test]}}, {test: 1.0}), folder, 1)
        assert fates(folder / "fates.jsonl") == ends[-1:]
        assert list(run([mutant], Seen({}, {}), folder, 1)) == ends[-1:]  # known: not tried again
    assert [end.outcome for end in ends] == ["killed", "survived"]
    assert "test_wording.py" in ends[0].by
    assert mutant.path in survivors(ends)
    assert "| sentences | 2 | 1 | 1 | 0 | 0 | 50% |" in table(ends)


def test_every_listed_equivalent_has_a_reason_and_a_line_that_still_stands() -> None:
    for (path, change), why in equivalent().items():
        before = change.partition(" -> ")[0]
        assert why.strip(), change
        assert before in [line.strip() for line in (HOME / path).read_text(encoding="utf-8").splitlines()], (
            change
        )


def test_a_cut_off_line_of_a_record_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "fates.jsonl").write_text('{"mutant": {"path"', encoding="utf-8")
    assert fates(tmp_path / "fates.jsonl") == []
    with pytest.raises(ValueError, match="no such place"):
        Mutant(_FILE, "MinimumMaximum", 10**6, 1, 0).source()
