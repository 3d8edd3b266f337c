"""Three implementations: the standalone verifier, the native checker, and the judge whose verdicts are on record."""

from __future__ import annotations

import base64
import copy
import json
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from onehalf.adversary.attack import Attack
from onehalf.adversary.certificate import write_certificate
from onehalf.proof.coq import check_natively
from onehalf.proof.transcript import words_of
from onehalf.verify_standalone import Refused, seal, sentence, verify
from tests.proofs.conftest import CASES, PROOFS

Document = dict[str, Any]
Change = Callable[[Document, Document], object]


def body_of(document: Document) -> Document:
    """Return the body of a certificate."""
    body: Document = json.loads(zlib.decompress(base64.b64decode(document["body"])))
    return body


def forged(document: Document, change: Change) -> Document:
    """Return a changed certificate whose seal and statement fit: only its content can betray it."""
    made = copy.deepcopy(document)
    body = body_of(made)
    change(made, body)
    made["body"] = base64.b64encode(zlib.compress(json.dumps(body).encode())).decode()
    made["statement"] = sentence(made)
    return {**made, "sha256": seal(made)}


def standalone(document: Document) -> str:
    """Return what the standalone verifier says."""
    try:
        verify(write_certificate(document))
    except Refused:
        return "refused"
    return "accepted"


@pytest.mark.parametrize("case", CASES)
def test_all_accept_what_was_found(certified: Callable[[str], Attack], checker: Path, case: str) -> None:
    document = certified(case).document
    assert (standalone(document), check_natively(document, checker)) == ("accepted", "accepted")


def _shift(ends: list[str], place: int, millionths: int) -> None:
    ends[place] = f"{float(Fraction(ends[place]) + Fraction(millionths, 10**6)):.6f}"


def _run(body: Document) -> list[Any]:
    return next(run for run in body["runs"] if run[5] >= 0)


def _flip(document: Document, body: Document) -> None:
    verdicts = _run(body)[6]
    verdicts[0] = not verdicts[0]


def _count(document: Document, body: Document) -> None:
    document["counts"]["1"]["successes"] += 1


def _no_output(document: Document, body: Document) -> None:
    _run(body)[5] = -1


def _another_output(document: Document, body: Document) -> None:
    _run(body)[5] = len(body["outputs"])


def _status(document: Document, body: Document) -> None:
    _run(body)[3] = "error"


def _parted(document: Document, body: Document) -> None:
    run = next(run for run in body["runs"] if run[2])
    run[2], run[6] = 0, run[6][:1]


def _off(document: Document, body: Document) -> None:
    _, _, bits, shown, *_ = body["answers"][0]
    top = int(shown[0], 16) + 3 * 2 ** max(0, shown[1] - bits) * 2 ** max(0, bits - shown[1])
    body["answers"][0][3] = [f"{top:x}", max(shown[1], bits)]


def _one_told(document: Document, body: Document) -> None:
    """Answer one question of the coupling depth or less differently on one input."""
    line = next(line for line in body["answers"] if line[2] <= document["coupling_depth"])
    line[3] = [f"{int(line[3][0], 16) * 2**60 + 1:x}", line[3][1] + 60]


def _twice(document: Document, body: Document) -> None:
    body["answers"].append(copy.deepcopy(body["answers"][0]))


def _unanswered(document: Document, body: Document) -> None:
    body["answers"].pop()


def _weight(document: Document, body: Document) -> None:
    """Take a quarter of what an accepted output is made of."""
    place = next(run[5] for run in body["runs"] if run[5] >= 0 and any(run[6]))
    output = body["outputs"][place]
    texts = output["weights"] if isinstance(output, dict) else output
    for i, text in enumerate(texts):
        p, slash, q = text.partition("/")
        texts[i] = f"{int(p, 16):x}/{4 * int(q, 16):x}" if slash else (float.fromhex(text) / 4).hex()


def _architecture(document: Document, body: Document) -> None:
    output = body["outputs"][0]
    if isinstance(output, dict):
        output["architecture"][-2] += 1
    else:
        output.append("0/1")


def _exponent(document: Document, body: Document) -> None:
    document["problem"]["parameters"]["exponent"] += 1


def _spent(document: Document, body: Document) -> None:
    document["bound"]["spent"]["count"] += 1


def _open(document: Document, body: Document) -> None:
    document["counts"][document["target"]]["open"] += 1


def _unseen(document: Document, body: Document) -> None:
    document["bound"]["spent"]["hidden"] += 1


def _nothing_open(document: Document, body: Document) -> None:
    """Say that meeting the budget is wrong everywhere."""
    document["plan"]["open"] = []


def _dropped(document: Document, body: Document) -> None:
    body["runs"].pop()


def _depth(document: Document, body: Document) -> None:
    document["coupling_depth"] += 1


def _conclusive(document: Document, body: Document) -> None:
    document["conclusive"] = not document["conclusive"]


def _past(document: Document, body: Document) -> list[list[int]]:
    """Return a set of questions with one past the budget."""
    digits = document["budget"]["digits"]
    return next(group for group in body["questions"] if any(n > digits for _, _, n in group))


def _refusal_forgotten(document: Document, body: Document) -> None:
    """Keep of a set of questions past the budget none that is deeper than the coupling."""
    group = _past(document, body)
    group[:] = [asked for asked in group if asked[2] <= document["coupling_depth"]]


def _refusal_survived(document: Document, body: Document) -> None:
    """Let a run that was refused an answer end otherwise."""
    place = body["questions"].index(_past(document, body))
    next(run for run in body["runs"] if run[4] == place)[3] = "error"


def _refusal_elsewhere(document: Document, body: Document) -> None:
    """Ask for an entry that does not exist."""
    digits = document["budget"]["digits"]
    next(asked for asked in _past(document, body) if asked[2] > digits)[:2] = [10**4, 0]


CHANGES: dict[str, Change] = {
    "a verdict": _flip,
    "a count": _count,
    "no output": _no_output,
    "an output that is none": _another_output,
    "a status": _status,
    "a trial parted": _parted,
    "an answer too far off": _off,
    "an answer that tells": _one_told,
    "two answers": _twice,
    "no answer": _unanswered,
    "weights": _weight,
    "an architecture": _architecture,
    "the exponent": _exponent,
    "the excepted event": _spent,
    "what is open": _open,
    "what may be excepted": _unseen,
    "nothing open": _nothing_open,
    "a run dropped": _dropped,
    "a refusal forgotten": _refusal_forgotten,
    "a refusal survived": _refusal_survived,
    "a refusal elsewhere": _refusal_elsewhere,
    "the coupling depth": _depth,
    "lower end": lambda document, body: _shift(document["limits"]["1"], 0, 1),
    "upper end": lambda document, body: _shift(document["limits"]["1"], 1, -1),
    "ends of the event": lambda document, body: _shift(document["bound"]["spent"]["limits"], 1, 1),
}


@pytest.mark.parametrize("case", CASES)
def test_no_forgery_passes_either(certified: Callable[[str], Attack], checker: Path, case: str) -> None:
    document = certified(case).document
    passed = []
    for name, change in CHANGES.items():
        try:
            changed = forged(document, change)
        except (StopIteration, IndexError):
            continue  # nothing of the kind is in this certificate
        if body_of(changed) == body_of(document) and {**changed, "body": ""} == {**document, "body": ""}:
            continue  # a quarter of zeros, say
        found = standalone(changed), check_natively(changed, checker)
        passed += [(name, found)] if found != ("refused", "refused") else []
    assert passed == []


def test_a_false_conclusion_is_seen_by_both(certified: Callable[[str], Attack], checker: Path) -> None:
    late = [document for case in CASES if not (document := certified(case).document)["conclusive"]]
    assert len(late) > 1
    for document in late:
        changed = forged(document, _conclusive)
        assert (standalone(changed), check_natively(changed, checker)) == ("refused", "refused")


RECORDED = sorted((PROOFS.parent / "tests" / "whole" / "release_0_1" / "certificates").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_certificates_of_release_0_1_are_accepted_by_both(checker: Path, path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    verify(path.read_text(encoding="utf-8"))
    assert check_natively(document, checker) == "accepted"
    changed = forged(document, _flip)
    assert (standalone(changed), check_natively(changed, checker)) == ("refused", "refused")


def test_runs_beyond_the_budget_are_among_what_is_checked(certified: Callable[[str], Attack]) -> None:
    document = certified("open").document
    assert document["counts"][document["target"]]["open"] > 0
    assert document["bound"]["spent"]["hidden"] > 0


def test_what_is_not_covered_is_said(certified: Callable[[str], Attack], checker: Path) -> None:
    document = certified("maximum").document
    irrational = forged(document, lambda d, b: d["problem"]["parameters"].__setitem__("a", "1/sqrt(2)"))
    assert check_natively(irrational, checker) == "not covered"
    assert check_natively(document, checker.with_name("absent")) == "not built"


def test_words_hold_every_integer() -> None:
    numbers = [0, 1, 2**61 - 1, 2**61, -1, -(2**200) - 7, 3 * 2**180]
    words = words_of(numbers)
    assert all(0 <= word < 2**63 for word in words)
    read, rest = [], list(words)
    while rest:
        head = rest.pop(0)
        if head % 2 == 0:
            read.append(head // 2)
            continue
        limbs, rest = rest[: head // 4], rest[head // 4 :]
        value = sum(limb << 60 * i for i, limb in enumerate(limbs))
        read.append(-value if head & 2 else value)
    assert read == numbers
