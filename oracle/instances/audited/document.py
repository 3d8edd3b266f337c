"""From an audit.json to instances: the data sets of an IMPOSSIBLE verdict, each solved and proved again here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue
from oracle.instances.audited.feasibility import violations
from oracle.instances.audited.program import standard_forms
from oracle.instances.audited.regression import regressions
from oracle.instances.audited.table import exchanged
from oracle.instances.finite import Optimum
from oracle.instances.stated import Instances

_VERSION = 1
_AUDIT = "write one with onehalf audit FILE"
_WIDER = "audit at a larger radius, for example onehalf audit FILE --bits 20"
Finding = Mapping[str, Any]


@dataclass(frozen=True)
class _Kind:
    """How the data sets of one kind of audit become instances."""

    instances: Callable[[Mapping[str, Any], Finding, Sequence[int]], list[Any]]
    objective: bool = False


_TABLE, _FEASIBLE = "training set", "feasible"
_KINDS: Mapping[str, _Kind] = {
    "linear program": _Kind(standard_forms, objective=True),
    **dict.fromkeys(("least squares", "LASSO", "elastic net"), _Kind(regressions)),
}


def audited_function(path: Path, written: Mapping[str, Any]) -> tuple[str, Callable[..., Instances]]:
    """Return a family's name, and the function that returns the two instances of one of an audit's pairs.

    Its parameters are whole numbers: `digits`, K; `reading` and `component`, counted from 1. By default the reading is
    the finest with a pair, the component the one that is impossible from the fewest digits on, and K these digits.

    Raises
    ------
    InvalidValue
        If the document is no audit, or holds no pair.
    """
    kind, findings = _checked(path, written)
    name = "audit-" + re.sub(r"[^\w.-]+", "-", str(written["source"]))
    if kind == _TABLE:
        return name, _exchanges(path, written, findings)
    try:
        pairs = {
            (r, c): int(part["impossible_digits"])
            for r, finding in enumerate(findings, start=1)
            for c, part in enumerate(finding["components"], start=1)
            if part["pair"] is not None and part["impossible_digits"] is not None
            if _alone(finding, part["pair"]) or (_KINDS[kind].objective and c == len(finding["components"]))
        }
        decisions = {
            (r, len(finding["components"]) + d): decision["pair"]
            for r, finding in enumerate(findings, start=1)
            for d, decision in enumerate(finding["decisions"], start=1)
            if _KINDS[kind].objective and decision["question"] == _FEASIBLE and decision["pair"] is not None
        }
        names = [[str(part["name"]) for part in finding["components"]] for finding in findings]
        widest = [max(map(_size, finding["proof"]["radii"]), default=Fraction(0)) for finding in findings]
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        raise _malformed(path, error) from error
    if not pairs and not decisions:
        rule = (
            "holds no pair of data sets with answers more than 2·10^-K apart: no digits are IMPOSSIBLE there"
        )
        raise InvalidValue("problem", str(path), rule, _WIDER)
    usual = min(pairs or decisions, key=lambda at: (widest[at[0] - 1], pairs.get(at, 0), at[1]))

    def stated(digits: int = 0, reading: int = 0, component: int = 0) -> Instances:
        if (reading, component) not in pairs | decisions:
            held = ", ".join(str(c) for r, c in [*pairs, *decisions] if r == reading) or "none"
            rule = f"reading {reading} has no pair for it; it has pairs for {held} (counted from 1)"
            raise InvalidValue("component", component, rule, "choose one of these, or another reading")
        finding = findings[reading - 1]
        try:
            if (reading, component) in decisions:
                chosen = [int(k) for k in decisions[reading, component]]
                return Instances(violations(written["data"], finding, chosen))
            pair = [int(k) for k in finding["components"][component - 1]["pair"]]
            members = _KINDS[kind].instances(written["data"], finding, pair)
        except InvalidValue:
            raise
        except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError) as error:
            raise _malformed(path, error) from error
        if _KINDS[kind].objective and component == len(names[reading - 1]):
            members = [Optimum(of=member) for member in members]
        return Instances(members, digits=digits)

    words = f"Two data sets within the radii ({findings[usual[0] - 1]['radii']}) of {written['source']}, a {kind}: "
    if usual in pairs:
        words += f"its {names[usual[0] - 1][usual[1] - 1]} is more than 2·10^-{pairs[usual]} apart."
    else:
        words += "the one is feasible, the other is not."
    return name, _told(stated, words, digits=pairs.get(usual, 0), reading=usual[0], component=usual[1])


def _exchanges(path: Path, written: Mapping[str, Any], findings: list[Finding]) -> Callable[..., Instances]:
    """Return the function of a training set; its parameters are `pairs`, how many may be exchanged, and `reading`."""
    try:
        counts = [len(finding["proof"]["exchanges"]) for finding in findings]
        widest = [_size(finding["proof"]["radii"]) for finding in findings]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise _malformed(path, error) from error
    usual = min((r for r, count in enumerate(counts) if count), key=lambda r: widest[r], default=None)
    if usual is None:
        rule = "holds no two points of different labels that may stand in each other's place"
        raise InvalidValue(
            "problem", str(path), rule, "audit at a larger radius: onehalf audit FILE --radius R"
        )

    def stated(pairs: int = 1, reading: int = 0) -> Instances:
        if not 1 <= reading <= len(counts) or not counts[reading - 1]:
            held = ", ".join(str(r) for r, count in enumerate(counts, start=1) if count)
            raise InvalidValue(
                "reading", reading, "has no pairs of points", f"take of {held} (counted from 1)"
            )
        try:
            return Instances(exchanged(written["data"], findings[reading - 1], pairs))
        except (KeyError, TypeError, IndexError) as error:
            raise _malformed(path, error) from error

    words = f"The labels at all points of {written['source']}, of which some pairs may be exchanged within the radii."
    return _told(stated, words, pairs=1, reading=usual + 1)


def _told(function: Callable[..., Instances], words: str, **defaults: int) -> Callable[..., Instances]:
    """Return a function with its defaults and docstring as others are to see them."""
    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, keyword, default=value) for name, value in defaults.items()]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__doc__ = words
    return function


def _checked(path: Path, written: Mapping[str, Any]) -> tuple[str, list[Finding]]:
    """Return the kind and the findings of an audit of which there are instances."""
    if written["audit"] != _VERSION:
        rule = f"is an audit of version {written['audit']}, and {_VERSION} is known"
        raise InvalidValue("problem", str(path), rule, _AUDIT)
    kind, findings = written.get("kind"), written.get("findings")
    if kind not in (*_KINDS, _TABLE):
        rule = f"is the audit of a {kind}, of which no pair of data sets is kept"
        raise InvalidValue("problem", str(path), rule, f"take that of a {', a '.join((*_KINDS, _TABLE))}")
    if "data" not in written or not isinstance(findings, list) or "source" not in written:
        rule = "holds findings without their data"
        raise InvalidValue("problem", str(path), rule, "take the audit.json that onehalf audit wrote")
    return str(kind), findings


def _alone(finding: Finding, pair: Sequence[int]) -> bool:
    """Tell whether the minimisers of two data sets are proved to be the only ones, not in one component alone."""
    return all(finding["data_sets"][k].get("unique", True) for k in pair)


def _size(radius: Any) -> Fraction:
    if isinstance(radius, list):
        return max(map(_size, radius), default=Fraction(0))
    return Fraction(radius)


def _malformed(path: Path, error: Exception) -> InvalidValue:
    rule = f"is no audit.json as the command writes it ({type(error).__name__}: {error})"
    return InvalidValue("problem", str(path), rule, _AUDIT)
