"""A problem stated by its instances as the referee's second file reads it: data, certificates, and the game's proof.

Nothing that is written here is believed: `onehalf.verify_instances` accepts or refuses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from onehalf.proof.registered import least_sets_apart
from oracle.arithmetic.linear_algebra import columns_of, gram, image_of, only_solution
from oracle.errors import InvalidValue
from oracle.instances.arrays import scalar, vector
from oracle.instances.instance import CERTIFIED, FREE, Instance
from oracle.instances.kinds import OF_ANOTHER
from oracle.instances.problem import InstanceProblem
from oracle.instances.solutions import EUCLIDEAN, Boxes, Labels
from oracle.instances.stated import Instances

_CONES = ("point", "refutation", "vectors")
_DUAL = ("basis-pursuit", "sqrt-lasso")


def bound_document(problem: InstanceProblem, name: str) -> dict[str, Any]:
    """Return the file from which anyone checks the bound on a problem without trials, and without this program.

    Parameters
    ----------
    name : str
        What the problem is called in the sentence.

    Raises
    ------
    InvalidValue
        If some solutions are declared, or a judge's, and not proved.
    """
    return {"bound": 1, "problem": name, "stated": stated_document(problem)}


def stated_document(problem: InstanceProblem) -> dict[str, Any]:
    """Return instances, their certificates, and what proves the value of their game.

    Raises
    ------
    InvalidValue
        If some solutions are declared, or a judge's, and not proved.
    """
    stated = problem.stated
    if stated.tier != CERTIFIED:
        rule = (
            f"has instances of the tier {stated.tier}, and a judge or a user's word cannot be checked again"
        )
        raise InvalidValue("problem", problem.family, rule, "give instances of a kind with a certificate")
    if stated.limit is not None:
        return {**_document(problem, stated), **_limit_part(problem, stated)}
    player = zip(stated.game.player, stated.shared, strict=True)
    return {
        **_document(problem, stated),
        "adversary": _hexed(stated.game.adversary),
        "value": _hexed(stated.game.value),
        "player": [[_hexed(share), output_text(problem, answer)] for share, answer in player if share],
    }


def _document(problem: InstanceProblem, stated: Instances) -> dict[str, Any]:
    """Return what is written whether the limit is a member or not."""
    first = stated.members[0]
    return {
        "kind": stated.kind,
        "of": first.of.kind if stated.kind in OF_ANOTHER else "",  # type: ignore[attr-defined]
        "norm": stated.norm,
        "digits": stated.digits,
        "inputs": [
            {"data": [[name, _hexed(value)] for name, value in m.data.items()], "proof": _proof(m)}
            for m in stated.members
        ],
        "apart": _apart(stated),
    }


def _limit_part(problem: InstanceProblem, stated: Instances) -> dict[str, Any]:
    """Return the limit, and what proves the values of the limit game: of all algorithms, and of those that halt."""
    game, limit = stated.limit_game, stated.limit
    assert limit is not None
    known = {name: _hexed(value) for name, value in limit.known().items()}
    free = limit.kind == FREE
    plans = zip(game.player, game.plans, strict=True)
    return {
        "limit": {
            "data": [[name, _hexed(value)] for name, value in limit.data.items()],
            "proof": known if free else _proof(limit),
            "free": free,
        },
        "converging": list(stated.converging),
        "adversary": _hexed(game.adversary),
        "value": _hexed(game.value),
        "player": [
            [_hexed(share), [[at, output_text(problem, answer)] for at, answer in plan]]
            for share, plan in plans
            if share
        ],
        "halting": _hexed(game.halting),
        "halter": _hexed(game.at_once.adversary),
        "staying": [
            [_hexed(share), output_text(problem, answer)]
            for share, answer in zip(game.at_once.player, game.answers, strict=True)
            if share
        ],
    }


def output_text(problem: InstanceProblem, output: Any) -> Any:
    """Return an output as it stands in certificates: numbers, or an answer without a distance and its sort."""
    if not isinstance(problem.stated.solutions[0], Labels):
        return [x.hex() if isinstance(x, float) else _hexed(Fraction(x)) for x in output]
    return json.loads(problem.encode(output))


def _proof(instance: Instance) -> dict[str, Any]:
    """Return the certificate of an instance, and what it has that is known exactly."""
    own: Any = getattr(instance, "of", instance)
    found = {name: _hexed(value) for name, value in {**own.known(), **instance.known()}.items()}
    if own.kind == "lp":
        found["basis"] = list(map(int, own.basis))
        if own.free:
            found["free"] = sorted(map(int, own.free))
    if hasattr(own, "eigenvector"):
        found["eigenvector"] = _hexed(vector("eigenvector", own.eigenvector))
    if hasattr(own, "signs"):
        found["signs"] = list(map(int, own.signs))
    given = {name: getattr(own, name, None) for name in _CONES}
    found |= {name: _hexed(_exact(value)) for name, value in given.items() if value is not None}
    if own.kind in _DUAL:
        found["dual"] = _hexed(_dual(own))
    return found


def _dual(instance: Any) -> tuple[Fraction, ...]:
    """Return the dual vector, by default the least with the right products on the support."""
    if instance.dual is not None:
        return vector("dual", instance.dual)
    level = instance.penalty if instance.kind == "sqrt-lasso" else Fraction(1)
    support = [j for j, sign in enumerate(instance.signs) if sign]
    part = columns_of(instance.A, support)
    weights = only_solution(gram(part), tuple(level * instance.signs[j] for j in support))
    assert weights is not None, "the columns of a certified support are independent"
    return image_of(part, weights)


def _apart(stated: Instances) -> list[list[list[Any]]]:
    """Return the least sets of points, in the Euclidean norm, about which balls do not meet, with weights."""
    if stated.norm != EUCLIDEAN or not isinstance(stated.solutions[0], Boxes):
        return []
    points = [found.witness for found in stated.right if isinstance(found, Boxes)]
    found = least_sets_apart(points, stated.radius, stated.norm)
    return [[[j, _hexed(w)] for j, w in zip(face, weights, strict=True)] for face, weights in found.items()]


def _exact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    return scalar("certificate", value)


def _hexed(value: Any) -> Any:
    if isinstance(value, Iterable):
        return [_hexed(item) for item in value]
    return f"{value.numerator:x}/{value.denominator:x}"
