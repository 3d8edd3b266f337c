"""Certificates made once for all tests of the adversary."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from algorithms.registry import resolve
from onehalf.adversary.attack import Attack, attack
from onehalf.adversary.certificate import write_certificate
from onehalf.verify_standalone import seal
from oracle.families import make_problem

PLUGINS = Path(__file__).parent / "plugins"
Document = dict[str, Any]


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Attack]:
    """Attack an algorithm, once for the same arguments."""
    known: dict[tuple[str, str, int], Attack] = {}

    def run(text: str, family: str = "training", cap: int = 60, **parameters: Any) -> Attack:
        key = (text, f"{family}{parameters}", cap)
        if key not in known:
            place = tmp_path_factory.mktemp("attack") / "run"
            known[key] = attack(resolve(text), make_problem(family, parameters), place, cap=cap, jobs=1)
        return known[key]

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
