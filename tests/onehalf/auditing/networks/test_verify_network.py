"""The referee's file for networks: what was written is proved again, and nothing that claims otherwise."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from onehalf import verify_network
from onehalf.auditing.networks import audit as auditing
from onehalf.auditing.report.document import audit_document
from onehalf.verify_audit import RefusedAudit, verify_audit
from tests.onehalf.auditing.networks.test_flips import NETWORKS, random_network


def document_of(sizes: list[int], seed: int, grid: int | None, rule: str | None) -> Any:
    network, rng = random_network(sizes, seed, grid), np.random.default_rng(seed + 100)
    points = rng.integers(-2, 3, (8, sizes[0])).astype(float) if grid else rng.normal(size=(8, sizes[0]))
    labels = rng.integers(0, max(sizes[-1], 2), 8)
    audit = oh.audit(network, data=(points, labels), delta=[0.01, 0.5, 2], rule=rule)
    return json.loads(json.dumps(audit_document(audit)))


@pytest.fixture(scope="module")
def document() -> Any:
    return document_of([3, 8, 8, 3], 1, None, None)


@pytest.mark.parametrize(
    ("sizes", "grid", "rule"),
    NETWORKS,
)
def test_what_was_written_is_verified(sizes: list[int], grid: int | None, rule: str | None) -> None:
    lines = verify_audit(json.dumps(document_of(sizes, 2, grid, rule)))
    assert [line.split(":")[0] for line in lines] == ["within 0.01", "within 0.5", "within 2"]


def at(document: Any) -> Any:
    return document["findings"][-1]["proof"]["directions"]["x1"]


def _box(document: Any) -> None:
    at(document)["box"] = "2"
    document["findings"][-1]["facts"]["directions"]["x1"]["box"] = 2.0


def _t(document: Any) -> None:
    at(document)["t"] = "0"
    document["findings"][-1]["facts"]["directions"]["x1"]["t"] = 0.0


def _wrong(document: Any) -> None:
    at(document)["wrong"].pop()


def _most(document: Any) -> None:
    document["findings"][-1]["facts"]["directions"]["x1"]["made_wrong"] += 1


def _fresh(document: Any) -> None:
    document["findings"][-1]["facts"]["directions"]["x1"]["made_wrong_of_right"] -= 1


def _least(document: Any) -> None:
    least = at(document)["least"]
    k = next(k for k, x in enumerate(least) if x not in (None, "0"))
    least[k] = str(Fraction(least[k]) * (1 + Fraction(1, 10**30)))


def _before(document: Any) -> None:
    document["findings"][0]["facts"]["wrong"] = []


def _verdict(document: Any) -> None:
    decisions = document["findings"][-1]["decisions"]
    next(d for d in decisions if d["verdict"] == "IMPOSSIBLE")["verdict"] = "CERTIFIED"


def _missing(document: Any) -> None:
    del document["findings"][-1]["decisions"][0]


def _label(document: Any) -> None:
    document["data"]["labels"] = [(y + 1) % 3 for y in document["data"]["labels"]]


def _bias(document: Any) -> None:
    bias = document["data"]["weights"][-1]["bias"]
    bias[0] = (float.fromhex(bias[0]) + 1e-12).hex()


def _size(document: Any) -> None:
    document["findings"][-1]["proof"]["size"] = "3"


@pytest.mark.parametrize(
    "change",
    [
        *(_box, _t, _wrong, _most, _fresh, _least, _before, _verdict, _missing, _label, _bias, _size),
    ],
)
def test_what_claims_otherwise_is_refused(document: Any, change: Callable[[Any], None]) -> None:
    other = copy.deepcopy(document)
    change(other)
    with pytest.raises(RefusedAudit) as refusal:
        verify_audit(json.dumps(other))
    assert "malformed" not in str(refusal.value)


def test_networks_without_weights_and_too_much_work_are_refused_in_a_sentence(
    document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_WEIGHTS", 1)
    with pytest.raises(
        RefusedAudit, match="holds no weights, which are written of networks of at most a million"
    ):
        verify_audit(json.dumps(document_of([2, 6, 1], 0, 2, None)))
    work = verify_network.Work(lambda held, words: None if held else pytest.fail(words))
    work.add(verify_network.MOST_PRODUCTS)
    with pytest.raises(pytest.fail.Exception, match="audit fewer points or directions"):
        work.add(1)


def test_unions_and_the_most_at_once_know_open_ends() -> None:
    zero, one, two = (Fraction(k) for k in range(3))
    assert verify_network.united_runs([(zero, one, False, True), (one, two, True, False)]) == [
        (zero, one, False, True),
        (one, two, True, False),
    ]
    assert verify_network.united_runs([(one, two, True, False), (zero, one, False, False)]) == [
        (zero, two, False, False)
    ]
    assert verify_network.most_at_once([[(zero, one, False, True)], [(one, two, False, False)]]) == 1
    assert verify_network.most_at_once([[(zero, one, False, False)], [(one, two, False, False)]]) == 2
