"""Algorithms whose runs are long or never end: the study sees little of them, and the confirmation looks early."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from algorithms.registry import resolve
from analysis.statistics.exact_limits import sequence_limits
from onehalf.adversary import attack as attacking
from onehalf.adversary import study as studying
from onehalf.adversary.attack import Attack, attack, looks_for
from onehalf.adversary.certificate import write_certificate
from onehalf.running.scheduler import Pace
from onehalf.verify_standalone import Refused, verify
from oracle.errors import InvalidValue
from oracle.families import make_problem
from oracle.session import Budget
from tests.onehalf.adversary.conftest import PLUGINS, consistent, resealed

Attacked = Callable[..., Attack]
SLEEPER = '''
import time
import onehalf as oh

@oh.algorithm("sleeper")
def sleeper(task, rng):
    """Sleep for ever."""
    task.read(bits=20)
    while True:
        time.sleep(1)
'''


@pytest.mark.parametrize(
    ("seconds", "cap", "looks"),
    [
        (0.001, 6400, [200, 400, 800, 1600, 3200, 6400]),
        (0.5, 500, [200, 400, 500]),
        (1.2, 400, [50, 100, 200, 400]),
        (20.0, 300, [10, 20, 50, 100, 200, 300]),
        (20.0, 20, [10, 20]),
        (0.001, 60, [60]),
    ],
)
def test_the_more_a_trial_costs_the_earlier_is_the_first_look(
    seconds: float, cap: int, looks: list[int]
) -> None:
    assert list(looks_for(cap, seconds)) == looks


def test_no_success_ends_an_early_look_where_the_limit_allows_it_only() -> None:
    """0 of 20: under 1/2 + 1/20, but not under 1/5 + 1/20, the bound for five exclusive answers."""
    high = sequence_limits(0, 20)[1]
    assert Fraction(1, 4) < high <= Fraction(11, 20)
    assert sequence_limits(0, 10)[1] <= Fraction(11, 20)


def test_what_never_halts_is_studied_once_a_policy_and_certified_at_the_first_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studying, "_IDLE_SECONDS", 0.2)
    monkeypatch.setattr(attacking, "_FIRST_SECONDS", 2.0)
    plugin = tmp_path / "sleeper.py"
    plugin.write_text(SLEEPER, encoding="utf-8")
    started = time.monotonic()
    budget = Budget(seconds=0.2)
    found = attack(
        resolve(str(plugin)), make_problem("training", {}), tmp_path / "out", budget=budget, jobs=2
    )
    assert time.monotonic() - started < 30
    assert {seen["trials"] for seen in found.plan["study"]} == {1}
    assert {seen["closeness"] for seen in found.plan["study"]} == {53}
    assert found.plan["looks"][:3] == [10, 20, 50]
    assert "No run halted within its time" in found.plan["reasons"][0]
    assert "may stop after 10 trials" in found.plan["reasons"][-1]
    assert verify(write_certificate(found.document))["trials"] == 10
    assert not found.conclusive
    assert "(0 of 10 trials within 10,000 digits and 0.2 s, and 10 that met this budget" in found.statement
    assert found.statement.endswith(
        "the budget, and not the theorem, may explain that no more trials were right."
    )


def test_values_of_e_that_every_run_reads_past_are_passed_over(attacked: Attacked) -> None:
    found = attacked(str(PLUGINS / "two_thousand.py"), cap=100)
    assert {seen["closeness"] for seen in found.plan["study"]} == {53, 2000}


def test_long_trials_are_dealt_out_one_by_one() -> None:
    assert Pace().size(0, 10, 2) == 10
    assert Pace(20.0).size(0, 10, 2) == 1


def test_a_confirmation_that_stopped_too_soon_or_at_no_planned_look_is_refused(attacked: Attacked) -> None:
    document = attacked("coin-flip", cap=20).document
    assert not document["conclusive"]
    verify(resealed(document))
    for looks, reason in (
        ([20, 40], "stopped too soon"),
        ([20, 50, 60], "stopped too soon"),
        ([40, 20], "not those of the plan"),
        ([10], "not those of the plan"),
        ([15, 20], "not those of the plan"),
        ([20, 40, 80], "not those of the plan"),
    ):
        with pytest.raises(Refused, match=reason):
            verify(consistent({**document, "plan": {**document["plan"], "looks": looks}}))


def test_more_digits_than_a_certificate_shows_are_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="digits=2000000: a certificate shows at most 1,000,000"):
        attack(
            resolve("coin-flip"), make_problem("training", {}), tmp_path / "a", budget=Budget(2_000_000, 1.0)
        )
    assert not (tmp_path / "a").exists()
