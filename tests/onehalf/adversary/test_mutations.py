"""Resealed mutations: what the verifier accepts says what the certificate says, in the same words.

The sentence is made again, too; the seeds are not, for with other seeds it is another certificate, which only a run
shows to be false.
"""

from __future__ import annotations

import copy
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onehalf.adversary.attack import Attack
from onehalf.verify_standalone import Refused, sentence, told, verify
from oracle.session import Budget
from tests.onehalf.adversary.conftest import PLUGINS, Document, resealed, unpack
from tests.scale import several

Attacked = Callable[..., Attack]
UNSAID = ("reasons", "study", "beacon", "asked", "origin")
"""Entries that no sentence is made of."""
FIXED = ("target", "confidence", "margin", "oracle", "problem", "budget", "theorem")
"""Entries that the plan repeats, where they are then changed alike."""
NUMBER = several(500, 10_000)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every entry of a document."""
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*at, key))


def other(value: Any, draw: random.Random) -> Any:
    """Return something else of the same kind, of another kind, or of the same size."""
    strange = [None, [], {}, "", "1", "1/1", 0, 1, True, False, 1.0, -1, 10**30, "ι¹", "a\nb", "0.000000"]
    if isinstance(value, bool) or value is None:
        return draw.choice([not value, int(bool(value)), *strange])
    if isinstance(value, int):
        return draw.choice([value + 1, value - 1, 2 * value, float(value), str(value), *strange])
    if isinstance(value, float):
        return draw.choice([value / 2, value + 1, int(value), str(value), *strange])
    if isinstance(value, str) and value:
        at = draw.randrange(len(value))
        sign = draw.choice("0123456789abcdefx/.[]= \n")
        return draw.choice(
            [value[:at] + sign + value[at + 1 :], value[:at] + value[at + 1 :], value + sign, *strange]
        )
    if isinstance(value, list) and value:
        at = draw.randrange(len(value))
        return draw.choice([value[:at] + value[at + 1 :], [*value, value[at]], value[::-1], *strange])
    if isinstance(value, dict) and value:
        key = draw.choice(sorted(value))
        less = {k: v for k, v in value.items() if k != key}
        return draw.choice([less, {**value, "more": 1}, {**value, f"{key} ": value[key]}, *strange])
    return draw.choice(strange)


def mutated(document: Document, draw: random.Random) -> tuple[str, str]:
    """Return the text of a certificate with one to three entries changed, sealed again, and where it was changed."""
    changed, body = copy.deepcopy(document), unpack(document)
    within = draw.random() < 0.4
    where = []
    for _ in range(draw.choice([1, 1, 2, 3])):
        whole: Any = body if within else changed
        ways = [way for way in places(whole) if within or way[0] not in ("body", "sha256")]
        said = [way for way in ways if within or way[:2] not in (("plan", "study"), ("plan", "reasons"))]
        way = draw.choice(said if draw.random() < 0.95 else ways)
        holder = whole
        for key in way[:-1]:
            holder = holder[key]
        holder[way[-1]] = other(holder[way[-1]], draw)
        where.append(".".join(map(str, way)))
        plan = changed.get("plan")
        if isinstance(plan, dict) and way[0] in FIXED and not within and draw.random() < 0.7:
            plan[way[0]] = copy.deepcopy(changed.get(way[0]))
    counted = [changed.get("trials"), *(c for c in [changed.get("counts")] if c == document["counts"])]
    if counted == [document["trials"], document["counts"]] and draw.random() < 0.8:
        try:
            changed["statement"] = sentence(changed)
        except Exception:  # something that it is made of is missing
            where.append("(no sentence)")
    return resealed(changed, body), " ".join(where)


def campaign(document: Document, number: int, seed: int) -> Counter[str]:
    """Verify mutations; return how many were refused and how many accepted, which all say the same."""
    said, found = told(document), Counter[str]()
    draw = random.Random(seed)
    for _ in range(number):
        text, where = mutated(document, draw)
        try:
            c = verify(text)
        except Refused:
            found["refused"] += 1
            continue
        assert told(c) == said, where
        assert "\n" not in told(c)
        same = {
            name: c[name] == document[name] for name in document if name not in ("body", "sha256", "plan")
        }
        same |= {f"plan.{k}": v == c["plan"][k] for k, v in document["plan"].items() if k not in UNSAID}
        apart = [name for name, equal in same.items() if not equal and name not in ("algorithm", "seed")]
        assert apart == [], (where, apart)
        mine, theirs = ({**x["algorithm"], "origin": ""} for x in (c, document))
        assert mine == theirs, where
        found["accepted, and says the same"] += 1
    return found


@pytest.mark.parametrize("kind", ["shared", "limit", "answers"])
def test_no_mutation_that_is_accepted_changes_what_is_printed(kind: str, attacked: Attacked) -> None:
    if kind == "shared":
        document = attacked("coin-flip").document
    elif kind == "limit":
        document = attacked("patient", cap=20, budget=Budget(300, 20.0)).document
    else:
        document = attacked(
            "limit-hedge[q=0.6]", "simplex", cap=20, budget=Budget(300, 20.0), answers=3
        ).document
    found = campaign(document, NUMBER // 3, seed=11)
    assert found["refused"] > 0.8 * (NUMBER // 3)


def test_a_trainers_certificate_survives_a_few(attacked: Attacked) -> None:
    assert campaign(attacked(str(PLUGINS / "ridge.py"), cap=100).document, 30, seed=12)["refused"]


if __name__ == "__main__":  # python -m tests.onehalf.adversary.test_mutations CERTIFICATE NUMBER
    print(campaign(verify(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2]), seed=2026))
