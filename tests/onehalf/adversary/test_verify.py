"""The standalone verifier: it needs nothing of ours, accepts what is true, and finds every change."""

from __future__ import annotations

import ast
import copy
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.estimates import clopper_pearson
from analysis.statistics.exact_limits import GRID, fixed_limits, sequence_limits
from onehalf import verify_standalone
from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.verify_standalone import Refused, check_limits, verify
from oracle.families import make_problem
from oracle.session import Budget
from tests.onehalf.adversary.conftest import PLUGINS, Document, consistent, resealed, unpack

Attacked = Callable[..., Attack]


@pytest.fixture(scope="module", params=["ridge", "one_more", "limit-hedge"])
def found(request: pytest.FixtureRequest, attacked: Attacked) -> Attack:
    """A trainer's certificate (Theorem 1), one with the limit (Theorem 2), one with three answers (Theorem 3)."""
    if request.param == "limit-hedge":
        return attacked("limit-hedge[q=0.6]", "simplex", budget=Budget(300, 20.0), answers=3)
    budget = Budget(300, 20.0) if request.param == "one_more" else None
    return attacked(str(PLUGINS / f"{request.param}.py"), cap=100, budget=budget)


def test_the_verifier_is_one_short_file_of_the_standard_library() -> None:
    path = Path(verify_standalone.__file__)
    text = path.read_text(encoding="utf-8")
    names = [
        n
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for n in (a.name for a in node.names)
    ]
    modules = [node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in [*names, *map(str, modules)]} <= sys.stdlib_module_names
    assert len(text.splitlines()) < 700


def test_it_runs_alone_and_in_seconds(found: Attack, tmp_path: Path) -> None:
    copied = tmp_path / "verifier.py"
    copied.write_bytes(Path(verify_standalone.__file__).read_bytes())
    started = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-I", str(copied), str(found.directory / CERTIFICATE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"verified: {found.statement} No trial was run again.\n"
    assert time.monotonic() - started < 10


def rename(c: Document) -> None:
    c["statement"] = c["statement"].replace(c["algorithm"]["label"], "adam")
    c["algorithm"].update(name="adam", label="adam")


def rename_in_the_plan_too(c: Document) -> None:
    rename(c)
    c["plan"]["algorithm"]["label"] = "adam"


CONTRADICTIONS: dict[str, Callable[[Document], object]] = {
    "name": rename,
    "name, also in the plan": rename_in_the_plan_too,
    "seed": lambda c: c["seed"].update(root=2),
    "beacon": lambda c: c["plan"].update(beacon="7 13 21"),
    "parameters": lambda c: c["algorithm"]["parameters"].update(bits=5),
    "source": lambda c: c["algorithm"].update(sha256="0" * 64),
    "digits": lambda c: c["budget"].update(digits=10),
    "digits, also in the plan": lambda c: [d["budget"].update(digits=-1) for d in (c, c["plan"])],
    "seconds": lambda c: [d["budget"].update(seconds="a lot") for d in (c, c["plan"])],
    "coupling": lambda c: c.update(coupling_depth=c["problem"]["parameters"]["exponent"] + 2),
    "coupling, by one": lambda c: c.update(coupling_depth=c["coupling_depth"] + 1),
    "no coupling": lambda c: c.update(coupling_depth=-1),
    "another entry": lambda c: c.update(note="trust me"),
}


OUTSIDE: dict[str, tuple[str, Document]] = {
    "a of 0": ("training", {"a": "0"}),
    "kappa that changes the order": ("training", {"hidden": [1], "points": 4, "kappa": "5/2"}),
    "no second feature": ("training", {"dimension": 1}),
    "no neuron": ("training", {"hidden": [0]}),
    "answers that do not exist": ("simplex", {"tolerance": "-1/4"}),
    "no feasible point": ("linear-program", {"y": "-1"}),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_parameters_at_which_the_theorem_is_not_proved_are_refused(name: str) -> None:
    family, changed = OUTSIDE[name]
    good = json.loads(json.dumps(dict(make_problem(family, {}).parameters())))
    assert verify_standalone.make(family, good).exclusive()

    assert not verify_standalone.make(family, good | changed).exclusive()


def test_a_decimal_parameter_is_certified(attacked: Attacked) -> None:
    found = attacked("coin-flip", cap=20, a="0.75")
    assert verify((found.directory / CERTIFICATE).read_text(encoding="utf-8"))["statement"] == found.statement


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_contradicts_its_plan_its_seeds_or_its_budget_is_refused(found: Attack, name: str) -> None:
    document = json.loads((found.directory / CERTIFICATE).read_text(encoding="utf-8"))
    CONTRADICTIONS[name](document)
    with pytest.raises(Refused):
        verify(resealed(document))


def test_two_hundred_single_changes_of_the_text_are_found(found: Attack) -> None:
    text = (found.directory / CERTIFICATE).read_text(encoding="utf-8")
    verify(text)
    draw = random.Random(6)
    digits = [at for at, sign in enumerate(text) if sign.isdigit()]
    for change in range(200):
        at = draw.choice(digits) if change % 2 else draw.randrange(len(text))
        other = draw.choice([s for s in "0123456789abcxyz \n" if s != text[at]])
        with pytest.raises(Refused):
            verify(text[:at] + other + text[at + 1 :])


def _flip_verdict(c: Document, body: Document) -> None:
    body["runs"][3][6][0] = not body["runs"][3][6][0]


def _hide_a_run(c: Document, body: Document) -> None:
    del body["runs"][-1]


def _repeat_a_trial(c: Document, body: Document) -> None:
    body["runs"].append(body["runs"][0])


def _illegal_answer(c: Document, body: Document) -> None:
    for answer in body["answers"]:
        if answer[2] > 2:
            answer[3] = ["7", 0]
            return
    body["answers"].append([0, 0, 9, *([["7", 0]] * len(c["inputs"]))])


def _unanswered_question(c: Document, body: Document) -> None:
    body["questions"] = [[*group, [0, 0, 12345]] for group in body["questions"]]


def _no_log(c: Document, body: Document) -> None:
    next(run for run in body["runs"] if run[5] >= 0)[4] = -1


def _other_status(c: Document, body: Document) -> None:
    body["runs"][0][3] = "crashed" if body["runs"][0][3] != "crashed" else "halted"


def _claim_shared(c: Document, body: Document) -> None:
    for run in body["runs"]:
        run[2] = 1 - run[2]


def _more_successes(c: Document, body: Document) -> None:
    c["counts"][c["target"]]["successes"] += 1


def _tighter_limits(c: Document, body: Document) -> None:
    high = Fraction(c["limits"][c["target"]][1]) - Fraction(1, GRID)
    c["limits"][c["target"]][1] = f"{float(high):.6f}"


def _less_spent(c: Document, body: Document) -> None:
    c["bound"]["spent"]["count"] += 1


def _other_bound(c: Document, body: Document) -> None:
    c["bound"]["ideal"] = "1/4"


def _other_statement(c: Document, body: Document) -> None:
    c["statement"] = c["statement"].replace("probability in [0", "probability in [0.1")


def _other_target(c: Document, body: Document) -> None:
    c["target"] = next(name for name in c["inputs"] if name != c["target"])


def _other_theorem(c: Document, body: Document) -> None:
    c["theorem"] = "1" if c["theorem"] != "1" else "2"


def _fewer_trials(c: Document, body: Document) -> None:
    c["trials"] -= 1


def _conclusive(c: Document, body: Document) -> None:
    c["conclusive"] = not c["conclusive"]


def _wide_tolerance(c: Document, body: Document) -> None:
    for where in (c, c["plan"]):
        where["problem"]["parameters"]["tolerance"] = "3/4"


CHANGES = [value for name, value in sorted(globals().items()) if name.startswith("_") and callable(value)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_change_of_the_content_is_found_although_the_seal_fits(
    found: Attack, change: Callable[[Document, Document], None]
) -> None:
    document, body = copy.deepcopy(found.document), unpack(found.document)
    verify(resealed(document, body))
    change(document, body)
    with pytest.raises(Refused):
        verify(resealed(document, body))


def test_a_status_that_no_run_can_have_is_refused(found: Attack) -> None:
    body = unpack(found.document)
    run = body["runs"][0]
    body["runs"][0] = [*run[:3], "bored", run[4], -1, [False] * len(run[6])]
    with pytest.raises(Refused, match="only a run that halted"):
        verify(resealed(copy.deepcopy(found.document), body))


@pytest.mark.parametrize(("share", "value"), [("confidence", "1/1000"), ("confidence", "1"), ("margin", "0")])
def test_a_share_that_says_nothing_is_refused(found: Attack, share: str, value: str) -> None:
    document = copy.deepcopy(found.document)
    document[share] = document["plan"][share] = value
    with pytest.raises(Refused, match=r"a share is none|conclusive"):
        verify(consistent(document))


def test_a_changed_weight_that_changes_a_verdict_is_found(attacked: Attacked) -> None:
    document = attacked("coin-flip").document
    body = unpack(document)
    body["outputs"][0]["weights"] = ["0x0.0p+0"] * len(body["outputs"][0]["weights"])
    with pytest.raises(Refused, match="a verdict is wrong"):
        verify(resealed(document, body))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"certificate": 2}', '{"certificate": 1}', "\x00", "9" * 5000]
)
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        verify(text)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(trials=st.integers(1, 400), data=st.data())
def test_limits_are_checked_by_another_route_than_they_are_made(trials: int, data: Any) -> None:
    successes = data.draw(st.integers(0, trials))
    error = Fraction(1, 20)
    ends = [f"{float(end):.6f}" for end in sequence_limits(successes, trials, error)]
    check_limits(successes, successes, trials, ends, error)
    at, by = data.draw(st.integers(0, 1)), data.draw(st.sampled_from([-2, -1, 1, 2]))
    moved = [*ends]
    moved[at] = f"{float(Fraction(ends[at]) + Fraction(by, GRID)):.6f}"
    with pytest.raises(Refused, match="limits of"):
        check_limits(successes, successes, trials, moved, error)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(trials=st.integers(1, 300), data=st.data())
def test_exact_clopper_pearson_limits_are_the_usual_ones_rounded_outwards(trials: int, data: Any) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = fixed_limits(successes, trials)
    usual = clopper_pearson(successes, trials)
    assert 0 <= usual.low - float(low) <= 1.001e-6
    assert 0 <= float(high) - usual.high <= 1.001e-6


def test_the_confidence_sequence_holds_the_truth_at_all_times() -> None:
    """Null: the truth lies outside at some time ≤ 120 with probability at most 5%. Exact, by dynamic programming."""
    for numerator in (1, 5, 10):
        p = numerator / 20
        alive = {0: 1.0}
        for n in range(1, 121):
            after: dict[int, float] = {}
            for s, mass in alive.items():
                for gained, chance in ((0, 1 - p), (1, p)):
                    after[s + gained] = after.get(s + gained, 0.0) + mass * chance
            ends = {s: sequence_limits(s, n) for s in after if after[s] > 1e-13}
            alive = {s: after[s] for s, (low, high) in ends.items() if low <= p <= high}
        assert sum(alive.values()) >= 0.95
