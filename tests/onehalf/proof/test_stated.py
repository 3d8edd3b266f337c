"""The referee's second file: it agrees with the library on what ships, and refuses each forgery by reason."""

from __future__ import annotations

import ast
import copy
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf import verify_instances
from onehalf.cli import main
from onehalf.proof.stated import bound_document, stated_document
from onehalf.verify_instances import Unproved, stated, verify_bound
from oracle.families import known_families, make_problem
from oracle.instances.problem import InstanceProblem
from oracle.problems import Oracle

Document = dict[str, Any]
JUDGED = "tied-pursuit"
FAMILIES = [
    name for name, found in known_families().items() if issubclass(found, InstanceProblem) and name != JUDGED
]


def problem_of(family: str, **parameters: Any) -> InstanceProblem:
    found = make_problem(family, parameters)
    assert isinstance(found, InstanceProblem)
    return found


def test_it_is_one_file_of_the_standard_library() -> None:
    text = Path(verify_instances.__file__).read_text(encoding="utf-8")
    names = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [str(node.module)])
    }
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("family", FAMILIES)
def test_it_agrees_with_the_library_on_what_ships(family: str) -> None:
    for exponent in (8, 53):
        problem = problem_of(family, exponent=exponent)
        found = stated(json.loads(json.dumps(stated_document(problem))))
        assert found.bound == problem.stated.game.value
        admitted = [p for p in problem.policies if p in found.depths]
        assert found.depths == {policy: problem.bound(policy).depth for policy in admitted}
        for policy in set(problem.policies) - set(admitted):
            with pytest.raises(oh.InvalidValue, match="the obligation fails"):
                problem.check_policy(policy)
        for policy, depth in found.depths.items():
            for bits in {0, 1, depth // 2, depth, depth + 1, depth + 9}:
                for member in problem.inputs:
                    oracle, column = Oracle(problem, member, policy), problem.stated.differing[0]
                    assert found.answer(policy, member.name, 0, column, bits) == oracle.answer(
                        (0, column), bits
                    )


@pytest.mark.parametrize(
    ("family", "parameters", "value"),
    [
        ("sparse-recovery", {"answers": 4, "norm": "euclidean", "y": "0.12"}, "3/4"),
        ("sparse-recovery", {"answers": 4, "norm": "euclidean", "y": "0.13"}, "1/2"),
        ("digit-products", {"blocks": 3, "digits": 3}, "1/8"),
        ("eigenprojector", {"answers": 8}, "1/8"),
        ("wells", {"answers": 40, "digits": 0}, "1/14"),
        ("pseudo-inverse", {"digits": 3}, "1/2"),
    ],
)
def test_values_as_the_theory_has_them(family: str, parameters: dict[str, Any], value: str) -> None:
    assert str(stated(stated_document(problem_of(family, **parameters))).bound) == value


def in_input(number: int, part: str, change: Callable[[Any], Any]) -> Callable[[Document], None]:
    def alter(document: Document) -> None:
        for each in document["inputs"][number]["data"]:
            each[1] = change(each[1]) if each[0] == part else each[1]

    return alter


def setting(**values: Any) -> Callable[[Document], None]:
    return lambda document: document.update(values)


def proof(number: int, **values: Any) -> Callable[[Document], None]:
    return lambda document: document["inputs"][number]["proof"].update(values)


def heavier(document: Document) -> None:
    document["adversary"] = ["3/4", "1/4"]


def bolder(document: Document) -> None:
    document["player"] = [["1/1", document["player"][0][1]]]


LP: tuple[str, dict[str, Any]] = ("digit-products", {"blocks": 1, "digits": 1})
TWO: tuple[str, dict[str, Any]] = ("lasso-duplicates", {})
NOISY: tuple[str, dict[str, Any]] = ("noisy-recovery", {})
CONE: tuple[str, dict[str, Any]] = ("sdp-minimiser", {})
LINE: tuple[str, dict[str, Any]] = ("sdp-feasibility", {})
BALLS: tuple[str, dict[str, Any]] = ("sparse-recovery", {"answers": 4, "norm": "euclidean", "y": "0.12"})
FORGERIES = {
    "a value too low": (TWO, setting(value="1/3"), r"the instances 1, whose weight is 1/2: the value is not 1/3"),
    "a value too high": (TWO, setting(value="2/3"), "the player's answers do not attain the value"),
    "weights that prove less": (TWO, heavier, "the instances 1, whose weight is 3/4"),
    "weights that are none": (TWO, setting(adversary=["3/2", "-1/2"]), "the adversary's weights are none"),
    "a player who knows": (TWO, bolder, "the player's answers do not attain the value"),
    "sets that overlap": (LP, setting(digits=-1), "on the instances 1, 2, whose weight is 1: the value is not 1/2"),
    "signs of the other input": (TWO, proof(0, signs=[0, 1]), "instance 1: a column off the support is not strictly"),
    "a basis of the other input": (LP, proof(0, basis=[0]), "instance 1: a reduced cost off the basis is not above"),
    "two solutions": (
        TWO,
        in_input(0, "A", lambda rows: [["1/1", "1/1"]]),
        "instance 1: a column off the support is not strictly inactive, so that the solution need not be the only",
    ),
    "dependent columns": (TWO, proof(0, signs=[1, 1]), "instance 1: "),
    "one input twice": (
        TWO,
        lambda document: document["inputs"].__setitem__(1, document["inputs"][0]),
        "two instances have the same data",
    ),
    "inputs far apart": (
        ("program-decision", {}),
        in_input(0, "A", lambda rows: [["1/1", "9/1"]]),
        "no oracle answers alike on all instances, not even to no digit: they are not coupled",
    ),
    "noise, and other signs": (NOISY, proof(0, signs=[0, 1, 1]), "instance 1: a column off the support is not"),
    "noise with another sign": (NOISY, proof(0, signs=[1, 0, -1]), "instance 1: a coordinate has another sign"),
    "noise that is larger than the accuracy": (NOISY, setting(digits=0), "on the instances 1, 2, whose weight is 1"),
    "another eigenvector": (CONE, proof(0, eigenvector=["1/1", "1/1"]), "instance 1: its eigenvalue is not the least"),
    "a point that is none": (LINE, proof(0, point="1/1"), "instance 1: at the point a pivot is negative"),
    "a refutation of nothing": (
        LINE,
        proof(1, refutation=[["0/1", "0/1"], ["0/1", "1/1"]]),
        "instance 2: Z refutes nothing",
    ),
    "another shape": (LP, in_input(0, "b", lambda b: [*b, "1/1"]), "instance 1: "),
    "a proof of another kind": (TWO, setting(kind="elastic-net"), "an instance of the kind elastic-net has other data"),
    "declared": (TWO, setting(kind="declared"), "nothing here proves the kind declared"),
    "another norm": (("flat-root", {}), setting(norm="taxi"), "its norm is none"),
    "sets apart that are not": (
        BALLS,
        lambda document: document["apart"].append([[0, "1/2"], [1, "1/2"]]),
        "instances that are said to have no common answer may have one",
    ),
    "sets apart left out": (BALLS, setting(apart=[]), "on the instances 1, 2, 3, 4, whose weight"),
    "known otherwise": (("wells", {}), proof(0, points=[["0/1"], ["2/1"]]), "what is known exactly differs"),
    "a number in another form": (TWO, setting(value="2/4"), "not written as it should be"),
    "an entry more": (TWO, setting(note="trust me"), "missing or unknown"),
    "no list": (TWO, setting(inputs=7), "malformed"),
    "a support that is not": (
        ("feature-selection", {"features": 1}),
        lambda document: document["player"].__setitem__(0, ["1/2", ["tuple", "0x7"]]),
        "do not attain",
    ),
}  # fmt: skip


LIMITED: tuple[str, dict[str, Any]] = ("lasso-duplicates", {"limit": True, "exponent": 8})
CHAIN: tuple[str, dict[str, Any]] = ("matrix-rank", {"limit": True, "exponent": 8})
BLOCKS: tuple[str, dict[str, Any]] = ("digit-products", {"limit": True, "exponent": 8})
FORGED_LIMITS = {
    "a value too low": (LIMITED, setting(value="1/2"), "a run may be right on inputs of weight 2/3: the value is not"),
    "a value too high": (LIMITED, setting(value="3/4"), "the player's answers do not attain the value"),
    "halting too low": (LIMITED, setting(halting="1/3"), "a run that halts may be right on 1/2: that value is not 1/3"),
    "halting too high": (LIMITED, setting(halting="2/3"), "the player's answers do not attain the value"),
    "weights of two": (LIMITED, setting(adversary=["1/2", "1/2"]), "the adversary's weights are none"),
    "a flat chain": (CHAIN, setting(converging=[0, 0]), "each level has not entries of its own|do not attain|weight"),
    "a chain to later ones": (CHAIN, setting(converging=[2, 0]), "does not converge to the limit or to an earlier one"),
    "a limit that is free": (
        ("pseudo-inverse", {"limit": True, "exponent": 8}),
        lambda document: document["limit"].update(free=True),
        "a run that halts may be right on|a run may be right on",
    ),
    "no limit": (LIMITED, lambda document: document.pop("limit"), "missing or unknown"),
    "free columns that are none": (
        BLOCKS,
        lambda document: document["limit"]["proof"].update(free=[0, 9]),
        "its free columns are none",
    ),
    "free columns of two blocks": (
        BLOCKS,
        lambda document: document["limit"]["proof"].update(free=[0, 2]),
        "the free columns are no block of their own",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED_LIMITS)
def test_a_forged_limit_is_refused_with_the_reason(name: str) -> None:
    (family, parameters), change, reason = FORGED_LIMITS[name]
    document = stated_document(problem_of(family, **parameters))
    stated(copy.deepcopy(document))
    change(document)
    with pytest.raises(Unproved, match=reason):
        stated(json.loads(json.dumps(document)))


WITH_LIMIT = [name for name in FAMILIES if "limit" in inspect.signature(known_families()[name]).parameters]


@pytest.mark.parametrize("family", WITH_LIMIT)
def test_it_agrees_on_the_limit_game(family: str) -> None:
    problem = problem_of(family, exponent=8, limit=True)
    found = stated(json.loads(json.dumps(stated_document(problem))))
    bound = problem.bound("blind")
    assert (found.theorem, found.bound, found.halting) == ("4", bound.value, bound.halting)
    assert found.depths == {policy: problem.bound(policy).depth for policy in ("honest", "blind")}


def test_a_bound_with_a_limit_is_written_and_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bound.json"
    assert main(["prove", "digit-products[exponent=8,limit=true]", "--bound", str(file)]) == 0
    assert main(["verify", str(file)]) == 0
    told = capsys.readouterr().out
    assert "6 instances and their limit of the kind lp (SHA-256 " in told
    assert "Theorem 4: every algorithm is right with probability at most 1/2 + 1/2·u on one of them" in told
    assert "that is 1/2 for every algorithm, and 1/4 for one that halts on the limit almost surely." in told


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_with_the_reason(name: str) -> None:
    (family, parameters), change, reason = FORGERIES[name]
    document = stated_document(problem_of(family, **parameters))
    stated(copy.deepcopy(document))
    change(document)
    with pytest.raises(Unproved, match=reason):
        stated(json.loads(json.dumps(document)))


def test_a_bound_is_written_and_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bound.json"
    assert main(["prove", "cycle[answers=5]", "--bound", str(file)]) == 0
    capsys.readouterr()
    assert main(["verify", str(file)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "verified: cycle[answers=5,digits=1,exponent=53]: 5 instances of the kind argmin (SHA-256 "
    )
    assert "honest 52, blind 53, decoy 53, midpoint 54" in told
    assert "at most 2/5 + 3/5·t" in told
    assert verify_instances.main([str(file)]) == 0
    changed = json.loads(file.read_text())
    changed["stated"]["value"] = "1/3"
    file.write_text(json.dumps(changed))
    assert main(["verify", str(file)]) == 1
    assert "refused: an answer may be right on the instances" in capsys.readouterr().out
    assert verify_instances.main([str(file)]) == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"bound": 2}', '{"bound": 1, "problem": "x", "stated": 3}'])
def test_what_is_no_bound_is_refused(text: str) -> None:
    with pytest.raises(Unproved):
        verify_bound(text)


def test_declared_solutions_have_no_such_file() -> None:
    @oh.problem("declared-one")
    def declared_one(exponent: int = 20) -> oh.Instances:
        d = oh.dyadic(exponent)
        return oh.Instances([oh.Declared({"h": h}, accepted=[a]) for h, a in ((d, "up"), (-d, "down"))])

    with pytest.raises(oh.InvalidValue, match="of the tier declared, and a judge or a user's word cannot"):
        bound_document(declared_one(), "declared-one")


def test_only_stated_problems_have_such_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "simplex", "--bound", str(tmp_path / "bound.json")]) == 2
    assert "is not stated by instances" in capsys.readouterr().err
