"""Certificates that are consistent and false: what the file alone betrays, and what only a run shows."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.adversary.attack import Attack
from onehalf.cli import main
from onehalf.verify_standalone import Refused, told, verify
from oracle.session import Budget
from tests.onehalf.adversary.conftest import FORGERIES, Document, consistent, unpack

Attacked = Callable[..., Attack]
REFUSED = {
    "F07-policy-renamed": "of another oracle",
    "F08-theorem2-decoy": "Remark 2b",
    "F10-label-other-parameters": "label is not name and parameters",
    "F11-margin": "after which to look",
    "F15-plan-theorem": "not what the plan had fixed",
    "F17-simplex-one-answer": "no theorem applies",
    "F17b-simplex-limit-3": "a parameter is missing, unknown, or not of its kind",
    "F20-label-free-text": "label is not name and parameters",
    "F21-label-injection": "name is none",
    "F31-answers-of-another-policy-rerun": "not that of the decoy oracle",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_forgery_of_the_first_form_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(Refused, match=REFUSED[name]):
        verify((FORGERIES / f"{name}.json").read_text(encoding="utf-8"))


def test_questions_that_were_removed_are_found_by_running_again(capsys: pytest.CaptureFixture[str]) -> None:
    path = FORGERIES / "F30-questions-removed-rerun.json"
    assert told(verify(path.read_text(encoding="utf-8"))).endswith("Form 1: its seeds were chosen freely.")
    assert main(["verify", str(path), "--rerun", "4"]) == 1
    assert capsys.readouterr().out.startswith("refused: run again, 4 of 4 trials DIFFER: ")


def _shipped(c: Document) -> None:
    c["algorithm"]["origin"] = "coin.py"


def _digest(c: Document) -> None:
    c["algorithm"]["sha256"] = c["plan"]["algorithm"]["sha256"] = "0" * 64


def _place(c: Document) -> None:
    c["algorithm"]["origin"] = "C:/nowhere/coin.py"


def _label(c: Document) -> None:
    c["algorithm"]["label"] = c["plan"]["algorithm"]["label"] = "coin-flip[bits=5000]"


def _text(c: Document) -> None:
    c["algorithm"]["label"] = c["plan"]["algorithm"]["label"] = "coin-flip (the best there is)"


def _line(c: Document) -> None:
    for where in (c["algorithm"], c["plan"]["algorithm"]):
        where["label"] = where["name"] = "coin-flip\nverified"


def _margin(c: Document) -> None:
    c["margin"] = c["plan"]["margin"] = "1/2"


def _same_margin(c: Document) -> None:
    c["margin"] = c["plan"]["margin"] = "2/40"


def _confidence(c: Document) -> None:
    c["plan"]["confidence"] = "99/100"


def _theorem(c: Document) -> None:
    c["plan"]["theorem"] = "2"


def _seed(c: Document) -> None:
    c["plan"]["target"] = c["target"] = "2" if c["target"] == "1" else "1"


def _policy(c: Document) -> None:
    c["oracle"] = c["plan"]["oracle"] = "midpoint"


def _asked(c: Document) -> None:
    c["plan"]["asked"]["parameters"]["tolerance"] = "1/3"


def _parameter(c: Document) -> None:
    for where in (c, c["plan"]):
        where["problem"]["parameters"]["trust"] = "me"


def _flag(c: Document) -> None:
    for where in (c, c["plan"]):
        where["problem"]["parameters"]["free"] = 0


def _entry(c: Document) -> None:
    c["plan"]["note"] = "trust me"


def _dotted(c: Document) -> None:
    c["budget.digits"] = c["budget"]["digits"]


def _closeness(c: Document) -> None:
    c["closeness"] = 500


def _referee(c: Document) -> None:
    c["referee"] = ""


def _open(c: Document) -> None:
    c["plan"]["open"] = []


def _shared_process(c: Document) -> None:
    c["plan"]["processes"] = "one for all"


def _many_inputs(c: Document) -> None:
    c["counts"]["3"] = c["counts"]["2"]


FALSE = {name.strip("_"): value for name, value in globals().items() if name[0] == "_" and callable(value)}
FALSE = {name: value for name, value in FALSE.items() if getattr(value, "__module__", "") == __name__}
NEEDS_THE_PROGRAM = ("shipped", "digest")


@pytest.mark.parametrize("name", sorted(set(FALSE) - {*NEEDS_THE_PROGRAM, "seed"}))
def test_a_forgery_of_todays_form_is_refused(name: str, attacked: Attacked) -> None:
    document = copy.deepcopy(attacked("coin-flip").document)
    verify(consistent(document))
    FALSE[name](document)
    with pytest.raises(Refused):
        verify(consistent(document))


@pytest.mark.parametrize("name", NEEDS_THE_PROGRAM)
def test_what_is_not_the_algorithm_that_ships_is_refused_where_that_is_known(
    name: str, attacked: Attacked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = copy.deepcopy(attacked("coin-flip").document)
    FALSE[name](document)
    path = tmp_path / "c.json"
    path.write_text(consistent(document), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().out.startswith("refused: the ")


def test_another_target_has_other_coins_so_that_running_again_differs(
    attacked: Attacked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = copy.deepcopy(attacked("coin-flip").document)
    FALSE["seed"](document)
    path = tmp_path / "c.json"
    path.write_text(consistent(document), encoding="utf-8")
    verify(path.read_text(encoding="utf-8"))
    assert main(["verify", str(path), "--rerun", "12"]) == 1
    assert "DIFFER" in capsys.readouterr().out


def test_a_trial_that_was_dropped_has_another_one_in_its_place(
    attacked: Attacked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Drop trial 0, and number the others anew: consistent, and every trial is another trial's."""
    document = copy.deepcopy(attacked("coin-flip").document)
    body = unpack(document)
    first = body["runs"][0]
    body["runs"] = [[number, *run[1:]] for number, run in enumerate([*body["runs"][1:], first])]
    path = tmp_path / "c.json"
    path.write_text(consistent(document, body), encoding="utf-8")
    verify(path.read_text(encoding="utf-8"))
    assert main(["verify", str(path), "--rerun", "all"]) == 1
    assert "DIFFER" in capsys.readouterr().out


def test_too_large_a_body_is_refused(attacked: Attacked) -> None:
    document, body = attacked("coin-flip").document, {"questions": "x" * 70_000_000}
    with pytest.raises(Refused, match="too large"):
        verify(consistent(document, body))


def test_the_budget_of_trials_is_not_blamed_where_the_lower_limit_is_above_the_bound(
    attacked: Attacked,
) -> None:
    found = attacked("patient", "linear-program", budget=Budget(300, 20.0))
    assert "too small" not in json.dumps(found.document, ensure_ascii=False)
