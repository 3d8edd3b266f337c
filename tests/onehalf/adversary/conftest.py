"""Certificates made once for all tests of the adversary."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import pickle
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from algorithms.registry import resolve
from onehalf.adversary import search
from onehalf.adversary.attack import Attack, attack
from onehalf.adversary.certificate import write_certificate
from onehalf.verify_standalone import compact, root_seed, seal, sentence
from oracle.families import make_problem
from oracle.session import Budget

HERE = Path(__file__).parent
PLUGINS, CASES, FORGERIES = HERE / "plugins", HERE / "cases", HERE / "forgeries"
Document = dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def short_studies() -> Iterator[None]:
    """Let studies look at fewer trials than they otherwise would, so that the tests take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_REFINED", 40)
        patch.setattr(search, "_TRIALS", 8)
        yield


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Attack]:
    """Attack an algorithm, once for the same arguments in all processes of these tests."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "attacks"
    shared.mkdir(exist_ok=True)

    def run(
        text: str, family: str = "training", cap: int = 60, budget: Budget | None = None, **parameters: Any
    ) -> Attack:
        key = hashlib.sha256(repr((text, family, parameters, cap, budget)).encode()).hexdigest()[:16]
        kept = shared / f"{key}.pickle"
        with (shared / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                problem = make_problem(family, parameters)
                found = attack(resolve(text), problem, shared / key, cap=cap, jobs=1, budget=budget)
                kept.write_bytes(pickle.dumps(found))
        made: Attack = pickle.loads(kept.read_bytes())
        return made

    return run


def unpack(document: Document) -> Document:
    """Return the body of a certificate."""
    body: Document = json.loads(zlib.decompress(base64.b64decode(document["body"])))
    return body


def resealed(document: Document, body: Document | None = None) -> str:
    """Return the text of a changed certificate whose seal fits: only its content can betray it."""
    packed = (
        {} if body is None else {"body": base64.b64encode(zlib.compress(json.dumps(body).encode())).decode()}
    )
    changed = {**document, **packed}
    return write_certificate({**changed, "sha256": seal(changed)})


def consistent(document: Document, body: Document | None = None) -> str:
    """Return the text of a changed certificate with seeds, sentence and seal made again."""
    seed = dict(document["seed"])
    if document["certificate"] > 1:
        seed["root"] = root_seed(document["plan"])
    where = {**document["problem"], "oracle": document["oracle"], "algorithm": document["algorithm"]["name"]}
    where["algorithm_parameters"] = document["algorithm"]["parameters"]
    stream = hashlib.sha256(compact([seed["root"], where]).encode()).digest()[:16]
    changed = {**document, "seed": {**seed, "stream": f"{int.from_bytes(stream, 'little'):032x}"}}
    return resealed({**changed, "statement": sentence(changed)}, body)
