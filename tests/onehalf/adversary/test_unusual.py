"""Unusual algorithms: no conclusion that is false, and no sentence that claims more than was shown."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from algorithms.registry import resolve
from analysis.statistics.exact_limits import sequence_limits
from onehalf.adversary.attack import Attack, attack
from onehalf.adversary.beyond import beyond, larger
from onehalf.adversary.certificate import write_certificate
from onehalf.adversary.search import counted_open
from onehalf.adversary.study import Laboratory
from onehalf.cli import main
from onehalf.running.listener import Listener
from onehalf.verify_standalone import USUAL, sentence, told, verify
from oracle.families import make_problem
from oracle.session import Budget
from tests.onehalf.adversary.conftest import CASES, Document, consistent

Attacked = Callable[..., Attack]
UNUSUAL = CASES / "unusual.py"
BUDGET = Budget(80, 20.0)


def limits(found: Attack) -> tuple[Fraction, Fraction]:
    low, high = found.document["limits"][found.document["target"]]
    return Fraction(low), Fraction(high)


def test_what_reads_far_past_the_budget_with_probability_one_half_is_bounded_by_the_limit(
    attacked: Attacked,
) -> None:
    """On the limit it is right on ι¹ only where it reads past the budget: in half of the trials, which is the bound.

    From one digit it takes the input for ι⁰, so that within the budget it is never right on ι¹, and beyond it with
    probability 1/2. The interval holds both, and with trials enough its upper limit is at most 1/2 + 1/20, which is all
    that "conclusive" says. At a fixed δ it would be right in 3/4 of the trials, so that none is chosen.
    """
    found = attacked(f"{UNUSUAL}::half-deep[bits=2000]", cap=20, budget=Budget(100, 20.0))
    low, high = limits(found)
    counts = found.document["counts"]["1"]
    assert found.document["target"] == "1"
    assert found.plan["problem"]["parameters"]["limit"]
    assert found.plan["open"] == ["1", "2", "0"]
    assert counts["successes"] == 0
    assert counts["open"] == counts["statuses"]["no_halt"] > 0
    assert low == 0
    assert high >= Fraction(1, 2)
    assert not found.conclusive
    assert f"and {counts['open']} that met this budget may be right beyond it" in found.statement
    assert "the budget, and not the theorem, may explain" in found.statement
    assert sequence_limits(800, 1600)[1] <= Fraction(11, 20)


def test_a_conclusion_with_open_trials_says_how_many_and_what_the_theorem_would_allow(
    attacked: Attacked,
) -> None:
    """It is what 1,600 trials of the same give: the bound is kept, and it is the algorithm that keeps it."""
    document = copy.deepcopy(
        attacked(f"{UNUSUAL}::half-deep[bits=2000]", cap=20, budget=Budget(100, 20.0)).document
    )
    ends = [f"{float(end):.6f}" for end in (sequence_limits(0, 1600)[0], sequence_limits(781, 1600)[1])]
    document["trials"], document["limits"]["1"] = 1600, ends
    document["counts"]["1"] = {"successes": 0, "open": 781, "statuses": {"halted": 819, "no_halt": 781}}
    document["bound"]["spent"] = {"count": 0, "hidden": 781, "limits": ends}
    document["bound"]["high"] = str((1 + Fraction(ends[1])) / 2)
    assert sentence(document).endswith(
        "with probability in [0.000000, 0.533015] (0 of 1600 trials within 100 digits and 20 s, and 781 that met this "
        "budget may be right beyond it, confidence 19/20 at any time); bound 1/2, Theorem 2, with u ≤ 0.533015. "
        "Conclusive: the upper limit is at most the bound plus 1/20, although for such u the theorem allows 0.766508."
    )


def test_what_a_child_process_asks_is_refused_so_that_it_does_not_seem_to_have_asked_nothing(
    attacked: Attacked,
) -> None:
    """Answered, it would be right on ι² always; off the record, one run would seem to serve both inputs."""
    found = attacked(f"{UNUSUAL}::asks-from-a-child", cap=20)
    assert found.document["counts"]["1"]["successes"] == 20
    assert found.document["counts"]["2"]["successes"] == 0
    assert found.document["bound"]["spent"]["count"] == 0


def test_what_waits_on_the_limit_may_be_right_with_more_time(tmp_path: Path) -> None:
    """Told e it is right, so that it is met with the limit; there it has asked for less than the budget allows."""
    budget = Budget(500, 0.3)
    laboratory = Laboratory(resolve(f"{UNUSUAL}::waits"), tmp_path, 1, budget, 1, Listener())
    (seen,) = laboratory.look("limit", make_problem("training", {"limit": True}), ["blind"], 2, 1.0)
    assert seen.tally.met == {"1": 0, "2": 0, "0": 2}
    assert seen.waited == 2
    inputs, (reason,) = counted_open(laboratory, seen)
    assert inputs == ("1", "2", "0")
    assert reason.startswith("2 of 2 runs on ι⁰ that met the budget met its time, and not its digits")


@pytest.mark.parametrize(
    ("after", "open_", "why"),
    [
        (("no_halt", 8_001), False, "no run on ι⁰, of 1, halts"),
        (("no_halt", 2**40), False, "no run on ι⁰, of 1, halts"),
        (("no_halt", 800), False, "no run on ι⁰, of 1, halts"),
        (("no_halt", 799), True, "meet the time, and not the digits"),
        (("halted", 90), True, "1 of 1 run on ι⁰ halt"),
    ],
)
def test_what_went_on_asking_with_more_digits_counts_as_wrong(
    after: tuple[str, int], open_: bool, why: str
) -> None:
    assert larger(BUDGET).digits == 8_000
    found = beyond(BUDGET, [("no_halt", 90)], [after])
    assert found.open is open_
    assert why in found.sentence


def test_a_largest_budget_of_digits_is_not_enlarged() -> None:
    budget = Budget(10**6, 20.0)
    assert larger(budget) == budget
    assert not beyond(budget, [("no_halt", 2**20)], [("no_halt", 2**20)]).open


@pytest.fixture(scope="module")
def closed(attacked: Attacked) -> Document:
    """A certificate of an algorithm without coins that halts past the budget, as if what met it there were wrong."""
    found = attacked(f"{UNUSUAL}::beyond", cap=20, budget=BUDGET)
    assert found.plan["open"] == ["1", "2", "0"]
    assert not found.conclusive
    document = copy.deepcopy(found.document)
    document["plan"]["open"] = ["1", "2"]
    document["counts"]["0"]["open"] = 0
    document["limits"]["0"][1] = document["bound"]["spent"]["limits"][1] = "0.260672"
    document["bound"]["spent"]["hidden"] = 0
    document["bound"]["high"] = str((1 + Fraction("0.260672")) / 2)
    document["conclusive"] = True
    return document


def test_how_runs_on_the_limit_that_met_the_budget_count_is_said(closed: Document) -> None:
    said = told(verify(consistent(closed)))
    assert "(0 of 20 trials, 20 of which met this budget and count as wrong, confidence" in said
    assert "succeeds within 80 digits and 20 s" in said


def test_a_plan_that_hides_what_a_larger_budget_shows_is_refused_by_running_again(
    closed: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There are no coins that a made-up plan could get wrong: each trial run again is the recorded one."""
    path = tmp_path / "c.json"
    path.write_text(consistent(closed), encoding="utf-8")
    assert main(["verify", str(path), "--algorithm", str(UNUSUAL) + "::beyond", "--rerun", "all"]) == 1
    said = capsys.readouterr().out
    assert said.startswith(
        "refused: what met the budget on ι⁰ does not count as open, but may be right: With 8,000"
    )
    assert "4 of 4 runs on ι⁰ halt that do not within the budget" in said


def test_a_name_in_letters_that_look_like_others_is_pointed_out(attacked: Attacked) -> None:
    document = copy.deepcopy(attacked("coin-flip", "simplex", cap=20, answers=3).document)
    for where in (document["algorithm"], document["plan"]["algorithm"]):
        where["name"] = where["label"] = "\N{CYRILLIC SMALL LETTER ES}oin-flip"
    document["algorithm"]["origin"] = "coin.py"
    assert ", its name with letters beyond ASCII) succeeds" in told(verify(consistent(document)))


def test_a_parameter_that_what_ships_does_not_have_is_refused(
    attacked: Attacked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = copy.deepcopy(attacked("coin-flip", "simplex", cap=20, answers=3).document)
    for where in (document["algorithm"], document["plan"]["algorithm"]):
        where["parameters"], where["label"] = {"fair": 1}, "coin-flip[fair=1]"
    path = tmp_path / "c.json"
    path.write_text(consistent(document), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().out.startswith("refused: the coin-flip that ships cannot be coin-flip[fair=1]")


def test_why_a_certificate_is_refused_by_its_own_attack_is_told_with_the_cause(tmp_path: Path) -> None:
    plugin = tmp_path / "second.py"
    plugin.write_text(
        "import pathlib\n\nimport onehalf as oh\n\nPLACE = pathlib.Path(__file__).with_suffix('.count')\n\n\n"
        "@oh.algorithm('second')\ndef second(task, rng):\n"
        '    """Read at every second call only, by a count in a file."""\n'
        "    number = len(PLACE.read_bytes()) if PLACE.exists() else 0\n"
        "    with PLACE.open('ab') as file:\n        file.write(b'.')\n"
        "    if number % 2:\n        task.ask(0, 1, 5000)\n    return task.witness(task.members[0])\n",
        encoding="utf-8",
    )
    found = attack(resolve(str(plugin)), make_problem("training", {}), tmp_path / "out", cap=10, jobs=1)
    assert not found.conclusive
    assert "the output depends on" in found.doubt


def test_parameters_that_are_not_the_usual_ones_are_said(attacked: Attacked) -> None:
    found = attacked("coin-flip", "simplex", cap=20, answers=3)
    assert "of simplex[answers=3] (e = " in found.statement
    assert told(verify(write_certificate(found.document))) == found.statement


@pytest.mark.parametrize("family", USUAL)
def test_what_a_sentence_leaves_out_are_the_familys_defaults(family: str) -> None:
    parameters = dict(make_problem(family, {}).parameters())
    rest = {name: value for name, value in parameters.items() if name not in ("exponent", "limit")}
    assert {name: list(v) if isinstance(v, tuple) else v for name, v in rest.items()} == USUAL[family]
