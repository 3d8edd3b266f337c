"""What every wrapper does with the algorithm that it made: describe it, give it its subject's digest, register it."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from algorithms.base import Function, algorithm


def register_trainer(
    name: str, function: Function, subject: Any, summary: str, requires: Sequence[str]
) -> Function:
    """Register what a wrapper made of `subject` as a training algorithm, and return it.

    Its digest is that of the subject, a function or an estimator: of its source file, and of how it is written.
    """
    function.__doc__ = summary
    digest = _digest(subject)
    made: Any = function
    made.digest = lambda: digest
    return algorithm(name, role="trainer", families=("training",), requires=requires)(function)


def _digest(subject: Any) -> str:
    try:
        file = inspect.getsourcefile(subject)
        source = Path(file).read_bytes() if file else b""
    except (OSError, TypeError):
        source = b""
    code = getattr(subject, "__code__", None)
    written = code.co_code if code else repr(subject).encode()
    return hashlib.sha256(source or written).hexdigest()
