"""The public part of an audited problem."""

from __future__ import annotations

from dataclasses import dataclass, fields

from oracle.instances.public import InstanceFacts


@dataclass(frozen=True, kw_only=True)
class AuditedFacts(InstanceFacts):
    """What an algorithm knows.

    Attributes
    ----------
    precision : int
        To how many binary digits the numbers are known, at most: what a solver reads unless it is told otherwise.
    """

    precision: int


def audited_part(facts: InstanceFacts, precision: int) -> AuditedFacts:
    """Return the public part with a precision."""
    return AuditedFacts(
        **{each.name: getattr(facts, each.name) for each in fields(facts)}, precision=precision
    )
