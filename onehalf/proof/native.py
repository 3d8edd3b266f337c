"""The proved checker, asked of the bound on problems stated by instances, as certificates and bounds write them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from onehalf.proof.coq import CHECKER, check_natively
from onehalf.proof.registered import registered
from onehalf.proof.transcript import NotCovered
from oracle.errors import InvalidValue
from oracle.instances.coupling import HONEST
from oracle.instances.instance import Instance
from oracle.instances.kinds import KINDS, OF_ANOTHER

_CERTIFICATES = ("basis", "signs", "dual")


def check_stated_natively(
    written: Mapping[str, Any], policy: str, depth: int, checker: Path = CHECKER
) -> str:
    """Return what the proved checker says of the bound on stated instances: accepted, refused, not covered, not built.

    What it is asked is `check_registered` of proofs/: the instances' solutions, their coupling, and the value of the
    game; not of trials. Not covered are kinds without a statement there, honest oracles, limits, and depths to which
    the oracle says the same only because nearest multiples are the same.

    Parameters
    ----------
    written : mapping
        The instances, as the referee's second file has accepted them.
    policy : str
        The oracle.
    depth : int
        To how many digits it answers alike.
    checker : Path
        The program that ``make native`` builds.
    """
    if not checker.exists():
        return "not built"
    if policy == HONEST or "limit" in written or written["kind"] in OF_ANOTHER:
        return "not covered"
    try:
        instances = [_instance(written["kind"], each) for each in written["inputs"]]
        radius = Fraction(10) ** -written["digits"]
        document = registered(instances, radius, norm=written["norm"], policy=policy)
    except NotCovered:
        return "not covered"
    except InvalidValue:
        return "refused"
    if Fraction(document["value"]) != _number(written["value"]):
        return "refused"
    return check_natively(document, checker) if document["depth"] == depth else "not covered"


def _instance(kind: str, written: Mapping[str, Any]) -> Instance:
    proof = written["proof"]
    given = {
        name: _number(proof[name]) if name == "dual" else proof[name]
        for name in _CERTIFICATES
        if name in proof
    }
    if set(proof) - set(given):
        raise NotCovered(f"instances of the kind {kind} have no statement in proofs/")
    return KINDS[kind](**{name: _number(value) for name, value in written["data"]}, **given)


def _number(value: Any) -> Any:
    """Return a hexadecimal fraction, or lists of such, as it is read in the referee's files."""
    if isinstance(value, list):
        return [_number(item) for item in value]
    top, _, bottom = value.partition("/")
    return Fraction(int(top, 16), int(bottom, 16))
