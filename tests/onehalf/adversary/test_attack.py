"""The adversary against algorithms that it has never seen: a certified input, or an honest statement."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from algorithms.registry import resolve
from onehalf.adversary.attack import CERTIFICATE, PLAN, Attack, attack
from onehalf.adversary.certificate import write_certificate
from onehalf.adversary.rerun import NotAtHand, algorithm_of, rerun
from onehalf.adversary.study import study_seed
from onehalf.record.result import load
from onehalf.verify_standalone import Refused, root_seed, verify
from oracle.errors import InvalidValue
from oracle.families import make_problem
from oracle.session import Budget
from tests.scale import WHOLE

PLUGINS = sorted((Path(__file__).parent / "plugins").glob("*.py"))
UNSEEN = [
    p
    for p in PLUGINS
    if WHOLE or p.stem in ("flaky", "heavy_tail", "one_more", "parity", "ridge", "two_thousand")
]
Attacked = Callable[..., Attack]
DIGITS = dict.fromkeys(("one_more", "gambler", "never", "decoy_spotter"), Budget(300, 20.0))
"""Digits enough for what resolves every δ, and few enough for a short study."""


@pytest.mark.parametrize("plugin", UNSEEN, ids=lambda path: path.stem)
def test_each_unseen_algorithm_is_certified_at_its_bound_or_said_to_be_undecided(
    plugin: Path, attacked: Attacked
) -> None:
    found = attacked(str(plugin), cap=100, budget=DIGITS.get(plugin.stem))
    document = verify((found.directory / CERTIFICATE).read_text(encoding="utf-8"))
    high, ideal = Fraction(document["limits"][document["target"]][1]), Fraction(document["bound"]["ideal"])
    assert not found.violated
    assert found.doubt == ""
    assert found.conclusive == (high <= ideal + Fraction(1, 20))
    if not found.conclusive:
        assert "the budget" in found.statement
    # Only coins that are fair and independent of the input leave 100 trials undecided, and what never halts is open.
    assert found.conclusive or plugin.stem in ("parity", "heavy_tail", "gambler", "two_thousand", "never")


@pytest.mark.parametrize("name", ["one_more", "gambler"] if WHOLE else ["one_more"])
def test_what_resolves_every_fixed_delta_is_met_with_the_limit(name: str, attacked: Attacked) -> None:
    found = attacked(str(PLUGINS[0].parent / f"{name}.py"), cap=100, budget=DIGITS[name])
    assert found.plan["problem"]["parameters"]["limit"]
    assert found.document["theorem"] == "2"
    assert found.document["bound"]["ideal"] == "1/2"


def test_what_reads_a_fixed_number_of_digits_is_met_with_a_smaller_delta(attacked: Attacked) -> None:
    found = attacked(str(PLUGINS[0].parent / "two_thousand.py"), cap=100)
    assert found.plan["problem"]["parameters"]["exponent"] >= 2000
    assert found.document["bound"]["spent"]["count"] == 0


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("vertex", "linear-program"),
        ("highs-ds", "linear-program"),
        ("coin-flip", "simplex"),
        ("patient", "simplex"),
    ],
)
def test_other_families(text: str, family: str, attacked: Attacked) -> None:
    found = attacked(text, family, cap=200 if text == "coin-flip" else 60, budget=Budget(300, 20.0))
    verify(write_certificate(found.document))
    assert not found.violated


def test_what_resolves_all_that_was_tried_without_a_limit_ends_undecided(attacked: Attacked) -> None:
    found = attacked("patient", "linear-program", budget=Budget(300, 20.0))
    assert not found.conclusive
    assert "Not conclusive: it is right more often than the bound" in found.statement
    verify(write_certificate(found.document))


def test_what_no_second_implementation_checks_is_written_and_said(attacked: Attacked) -> None:
    found = attacked("coin-flip", a="1/sqrt(2)")
    assert found.statement.endswith("No second implementation checks this family.")
    with pytest.raises(Refused, match="not written as it should be"):
        verify((found.directory / CERTIFICATE).read_text(encoding="utf-8"))


def test_a_name_that_ships_is_not_certified_for_another(tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(
        'import onehalf as oh\n\n\n@oh.algorithm("reader")\ndef reader(task, rng):\n    """Not it."""\n',
        encoding="utf-8",
    )
    with pytest.raises(InvalidValue, match="is the name of an algorithm that ships"):
        attack(resolve(str(plugin)), make_problem("training", {}), tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_the_seeds_follow_from_the_plan_and_the_plan_comes_first(attacked: Attacked) -> None:
    found = attacked("coin-flip")
    study = {load(place).experiment.seed for place in (found.directory / "study").iterdir()}
    assert study == {study_seed(1)}
    assert found.document["seed"]["root"] == root_seed(found.plan)
    assert root_seed({**found.plan, "beacon": "7 13 21"}) != root_seed(found.plan)
    assert root_seed({**found.plan, "reasons": [], "study": []}) == root_seed(found.plan)
    plan = json.loads((found.directory / PLAN).read_text(encoding="utf-8"))
    assert found.document["plan"] == plan
    manifest = found.directory / "confirmation" / "manifest.json"
    assert (found.directory / PLAN).stat().st_mtime_ns < manifest.stat().st_mtime_ns


def test_an_attack_is_continued_from_its_plan_and_ends_the_same(tmp_path: Path) -> None:
    problem = make_problem("training", {})
    whole = attack(resolve("coin-flip"), problem, tmp_path / "whole", cap=40, jobs=2)
    attack(resolve("coin-flip"), problem, tmp_path / "parts", cap=40, jobs=2)
    (tmp_path / "parts" / CERTIFICATE).unlink()
    again = attack(resolve("coin-flip"), problem, tmp_path / "parts", cap=40, jobs=2)
    assert write_certificate(again.document) == write_certificate(whole.document)
    with pytest.raises(InvalidValue, match="another source, problem or beacon"):
        attack(resolve("coin-flip"), problem, tmp_path / "parts", beacon="7 13 21", jobs=1)
    with pytest.raises(InvalidValue, match="must be a line"):
        attack(resolve("coin-flip"), problem, tmp_path / "none", beacon="a\nb", jobs=1)
    with pytest.raises(InvalidValue, match="trials=0: must be a whole number of at least 1"):
        attack(resolve("coin-flip"), problem, tmp_path / "none", cap=0, jobs=1)


def test_trials_run_again_are_the_recorded_ones(attacked: Attacked) -> None:
    plugin = str(PLUGINS[0].parent / "flaky.py")
    document = attacked(plugin, cap=100).document
    assert rerun(document, algorithm_of(document, plugin), 6).different == ()
    with pytest.raises(NotAtHand, match=r"comes from flaky\.py; name the file, or exec:program"):
        algorithm_of(document)
    with pytest.raises(NotAtHand, match="whose source has SHA-256"):
        algorithm_of(document, str(PLUGINS[0].parent / "parity.py"))


def test_a_false_seed_is_found_by_running_again(attacked: Attacked) -> None:
    document = attacked("coin-flip").document
    other = {**document, "seed": {**document["seed"], "root": 7}}
    assert rerun(other, algorithm_of(document), 12).different
