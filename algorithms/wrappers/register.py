"""What every wrapper does with the algorithm that it made: describe it, give it its subject's digest, register it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from algorithms.algorithm import Function
from algorithms.digests import source_digest
from algorithms.toolkit.trainer import WRAPPED, trainer


def register_trainer(
    name: str, function: Function, subject: Any, summary: str, requires: Sequence[str]
) -> Function:
    """Register what a wrapper made of `subject` as a training algorithm, and return it.

    Its digest is that of the subject, a function or an estimator: of its source file, and of how it is written.
    """
    function.__doc__ = summary
    digest = source_digest(subject, repr(subject))
    made: Any = function
    made.digest = lambda: digest
    return trainer(name, requires=requires, ranges=WRAPPED)(function)
