"""The referee's file for audits: what the command wrote is verified, and nothing that claims a little more."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf import verify_audit as verify_module
from onehalf.auditing.report.document import audit_document
from onehalf.cli import main
from onehalf.verify_audit import Model, RefusedAudit, _crossing, _outcome, verify_audit
from oracle.arithmetic.linear_algebra import only_solution

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "audit"
TABLE = "x,z,label\n0.5,1.5,a\n0.6,1.5,b\n2.5,1.25,a\n2.5,1.25,a\n9.5,1.5,c\n9.75,1.5,b\n"
RANGED = (
    "NAME T\nOBJSENSE\n MAX\nROWS\n N COST\n L R1\n E R2\n G R3\nCOLUMNS\n X1 COST 1.5 R1 1.25\n X1 R2 0.5 R3 1.1\n"
    " X2 COST 0.7 R1 0.3\n X2 R2 1.5\n X3 COST 0.1 R2 0.25\n X3 R3 -0.2\nRHS\n RHS R1 3.3 R2 2.2\n RHS R3 0.4\n"
    " RHS COST 0.9\nRANGES\n RNG R1 2.5\nBOUNDS\n UP BND X1 1.75\n FR BND X2\n UP BND X3 4.5\nENDATA\n"
)
MANY = "NAME T\nROWS\n N COST\n G R1\n L R2\nCOLUMNS\n X COST 1 R1 1.5\n Y R2 1.5\nRHS\n RHS R1 2.5 R2 1.5\nENDATA\n"
INFEASIBLE = (
    "NAME T\nROWS\n N COST\n G R1\n L R2\nCOLUMNS\n X COST 1.5 R1 1.5\n X R2 1.5\nRHS\n RHS R1 2.5 R2 1.5\n"
    "BOUNDS\n UP BND X 9.5\nENDATA\n"
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("audits")
    (place / "t.csv").write_text(TABLE)
    (place / "ranged.mps").write_text(RANGED)
    (place / "infeasible.mps").write_text(INFEASIBLE)
    (place / "many.mps").write_text(MANY)
    found = {
        "many": oh.audit(place / "many.mps", bits=[20]),
        "tie": oh.audit(EXAMPLES / "tie.mps", bits=[20, 40]),
        "diet": oh.audit(EXAMPLES / "diet.mps", bits=[30]),
        "ranged": oh.audit(place / "ranged.mps", bits=[6, 12, 30]),
        "infeasible": oh.audit(place / "infeasible.mps", bits=[0, 20]),
        "table": oh.audit(place / "t.csv", radius="1/8"),
        "apart": oh.audit(place / "t.csv", radius="1/100"),
    }
    return {name: json.loads(json.dumps(audit_document(audit))) for name, audit in found.items()}


@pytest.mark.parametrize("name", ["tie", "diet", "ranged", "infeasible", "table", "apart"])
def test_what_was_written_is_verified(documents: dict[str, Any], name: str) -> None:
    lines = verify_audit(json.dumps(documents[name]))
    assert len(lines) == len(documents[name]["findings"])


def test_what_was_verified_is_not_nothing(documents: dict[str, Any]) -> None:
    verdicts = {d["verdict"] for f in documents["infeasible"]["findings"] for d in f["decisions"]}
    assert verdicts == {"CERTIFIED", "IMPOSSIBLE"}
    assert "3 components enclosed" in verify_audit(json.dumps(documents["tie"]))[1]
    assert "3 impossible" in verify_audit(json.dumps(documents["tie"]))[0]
    assert "4 components enclosed" in verify_audit(json.dumps(documents["ranged"]))[2]
    assert "2 disjoint pairs, success at most 1/4" in verify_audit(json.dumps(documents["table"]))[0]
    assert "disjoint" in verify_audit(json.dumps(documents["apart"]))[0]


def first(document: Any) -> Any:
    return document["findings"][0]


def last(document: Any) -> Any:
    return document["findings"][-1]


def _shrink(document: Any) -> None:
    enclosure = last(document)["proof"]["enclosure"]
    enclosure["columns"] = [(float.fromhex(x) / 2).hex() for x in enclosure["columns"]]


def _duals(document: Any) -> None:
    enclosure = last(document)["proof"]["enclosure"]
    enclosure["duals"] = [(0.0).hex() for _ in enclosure["duals"]]


def _basis(document: Any) -> None:
    document["findings"][0]["data_sets"][0]["basis"] = document["findings"][0]["data_sets"][1]["basis"]


def _more_digits(document: Any) -> None:
    last(document)["components"][0]["certified_digits"] += 1


def _fewer_impossible(document: Any) -> None:
    first(document)["components"][0]["impossible_digits"] -= 1


def _apart(document: Any) -> None:
    first(document)["components"][0]["apart"] *= 1.001


def _value(document: Any) -> None:
    last(document)["components"][0]["value"] += 1e-6


def _moves(document: Any) -> None:
    first(document)["data_sets"][0]["moves"] = "0" * len(first(document)["data_sets"][0]["moves"])


def _wider(document: Any) -> None:
    proof = last(document)["proof"]
    proof["radii"] = [str(8 * Fraction(w)) for w in proof["radii"]]


def _same_pair(document: Any) -> None:
    first(document)["components"][0]["pair"] = [0, 0]


def _limit(document: Any) -> None:
    document["data"]["limits"]["xu"][0] = "1/1000000"


def _unfounded(document: Any) -> None:
    del last(document)["proof"]["enclosure"]


def _multipliers(document: Any) -> None:
    last(document)["proof"]["infeasible"] = ["0", "0"]


def _pair_of_one_answer(document: Any) -> None:
    first(document)["decisions"][0]["pair"] = [0, 0]


def _place(document: Any) -> None:
    exchange = first(document)["proof"]["exchanges"][0]
    exchange["places"][0][0] = "0.9"
    first(document)["proof"]["points"][exchange["points"][0]][0] = "0.9"


def _accuracy(document: Any) -> None:
    first(document)["facts"]["accuracy_at_most"] = "1/2"


def _success(document: Any) -> None:
    first(document)["facts"]["success_at_most"] = "1/8"


def _twice(document: Any) -> None:
    proof = first(document)["proof"]
    proof["exchanges"] = [proof["exchanges"][0], *proof["exchanges"]]
    first(document)["facts"]["pairs"] += 1


def _labels(document: Any) -> None:
    document["data"]["labels"] = ["a"] * len(document["data"]["labels"])


def _one_place(document: Any) -> None:
    proof = first(document)["proof"]
    proof["points"][3] = proof["points"][2]


def _certified(document: Any) -> None:
    first(document)["decisions"][0]["verdict"] = "CERTIFIED"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        *(("tie", change) for change in (_fewer_impossible, _apart, _same_pair, _value, _unfounded)),
        *(
            ("ranged", change)
            for change in (_shrink, _more_digits, _wider, _limit, _value, _duals, _unfounded)
        ),
        *(("diet", change) for change in (_fewer_impossible, _apart, _moves, _basis)),
        *(("infeasible", change) for change in (_multipliers, _pair_of_one_answer)),
        *(
            ("table", change)
            for change in (_place, _accuracy, _success, _twice, _labels, _one_place, _certified)
        ),
    ],
)
def test_what_claims_more_is_refused(
    documents: dict[str, Any], name: str, change: Callable[[Any], None]
) -> None:
    document = copy.deepcopy(documents[name])
    change(document)
    with pytest.raises(RefusedAudit):
        verify_audit(json.dumps(document))


def test_one_minimiser_or_some_is_a_key_and_in_older_files_a_word(documents: dict[str, Any]) -> None:
    document = copy.deepcopy(documents["many"])
    _, bounded = first(document)["decisions"]
    assert (bounded["verdict"], bounded["single"]) == ("CERTIFIED", False)
    assert last(documents["ranged"])["decisions"][1]["single"] is True
    verify_audit(json.dumps(document))
    bounded["single"] = True
    with pytest.raises(RefusedAudit, match="a basis that may change"):
        verify_audit(json.dumps(document))
    del bounded["single"]
    verify_audit(json.dumps(document))
    bounded["words"] = "every program within the radii has exactly one minimiser, in the same basis"
    with pytest.raises(RefusedAudit, match="a basis that may change"):
        verify_audit(json.dumps(document))


def test_a_column_may_be_determined_where_others_are_not(documents: dict[str, Any]) -> None:
    """min X, 1.5·X ≥ 2.5, 1.5·Y ≤ 1.5: every Y is right, and X has one value, which the data do not give."""
    document = copy.deepcopy(documents["many"])
    x, y, _ = first(document)["components"]
    assert (x["impossible_digits"], y["pair"]) == (6, None)
    assert [entry["unique"] for entry in first(document)["data_sets"]] == [False, False]
    verify_audit(json.dumps(document))
    y.update(pair=x["pair"], impossible_digits=20, apart=1.0)
    with pytest.raises(RefusedAudit, match="not the only one"):
        verify_audit(json.dumps(document))


def test_what_is_said_not_to_move_must_not_move(documents: dict[str, Any]) -> None:
    """min X, 1.5·X ≥ 2.5, with 0 for the inverse: u + Ct < t never holds, and u + Ct = t = 0 says nothing."""
    document = copy.deepcopy(documents["many"])
    finding, still = first(document), (0.0).hex()
    enclosure = finding["proof"]["enclosure"]
    kept = [copy.deepcopy(finding["components"]), copy.deepcopy(enclosure)]
    enclosure.update(inverse=[[still]], columns=[still, still], duals=[still, still])
    finding["components"] = [
        {**part, "pair": None, "impossible_digits": None, "radius": None} for part in finding["components"]
    ]
    with pytest.raises(RefusedAudit, match="Lemma P"):
        verify_audit(json.dumps(document))
    finding["proof"]["enclosure"] = {**kept[1]}
    assert verify_audit(json.dumps(document))
    finding["components"] = kept[0]
    assert verify_audit(json.dumps(document))


@pytest.mark.parametrize("size", [0, 1, 7, 30])
def test_equations_are_solved_as_flint_solves_them(size: int) -> None:
    rng = random.Random(size)
    matrix = [
        [Fraction(rng.randint(-99, 99), rng.randint(1, 9) << 30) for _ in range(size)] for _ in range(size)
    ]
    right = [Fraction(rng.randint(-99, 99), rng.randint(1, 10**12)) for _ in range(size)]
    found = verify_module.solved(matrix, [[x] for x in right])
    assert tuple(x for (x,) in found) == only_solution(matrix, right)
    with pytest.raises(RefusedAudit, match="singular"):
        verify_module.solved([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]], [[Fraction(1)]] * 2)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"audit": 1}', '{"audit": 2}', '{"audit": 1, "data": {}, "kind": []}']
)
def test_what_is_no_audit_is_refused(text: str) -> None:
    with pytest.raises(RefusedAudit):
        verify_audit(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "RecursionError"),
        ('{"audit": 1, "data": ' + "9" * 5_000 + "}", "Exceeds the limit"),
        (
            '{"audit": 1, "kind": "training set", "data": {"values": [["1e999999999"]]}, "findings": [{}]}',
            "too large",
        ),
        (
            '{"audit": 1, "kind": "training set", "data": {"values": [["1e-99999"]]}, "findings": [{}]}',
            "too large",
        ),
        (
            '{"audit": 1, "kind": "training set", "data": {"values": [[1e999]]}, "findings": [{"radii": "r"}]}',
            "OverflowError",
        ),
        (
            '{"audit": 1, "kind": "\\u001b[2J\\u202e", "data": {}, "findings": [{}]}',
            r"audits of a \\x1b\[2J\\u202e hold",
        ),
        ('{"audit": 1, "kind": "' + "x" * 9_000 + '", "data": {}, "findings": [{}]}', "x…$"),
    ],
)
def test_the_appetite_of_the_verifier_is_small_and_its_words_are_plain(text: str, why: str) -> None:
    with pytest.raises(RefusedAudit, match=why) as caught:
        verify_audit(text)
    assert str(caught.value).isprintable()


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_module, "LARGEST", 10)
    with pytest.raises(RefusedAudit, match="longer than 10 characters"):
        verify_audit('{"audit": 1}')


def test_the_command_and_the_file_alone(
    documents: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "audit.json"
    file.write_text(json.dumps(documents["tie"]))
    assert main(["verify", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"]
    alone = [sys.executable, "-I", str(ROOT / "onehalf" / "verify_audit.py"), str(file)]
    done = subprocess.run(alone, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert done.stdout.count("verified:") == 2
    document = copy.deepcopy(documents["tie"])
    _value(document)
    file.write_text(json.dumps(document))
    assert main(["verify", str(file)]) == 1
    assert capsys.readouterr().out.startswith("refused: ")
    assert subprocess.run(alone, capture_output=True, cwd=tmp_path, check=False).returncode == 1


def one_column(low: str | None, high: str | None, cost: str = "-1") -> Model:
    """min cost·x over low ≤ x ≤ high, with a row x ≥ 0."""
    limits = {"bl": ["0"], "bu": [None], "xl": [low], "xu": [high]}
    ends = [[kind, 0, 0, end] for kind, end in (("xl", low), ("xu", high)) if end is not None]
    entries = [["c", 0, 0, cost], ["A", 0, 0, "1"], ["bl", 0, 0, "0"], *ends]
    named = {"columns": ["x"], "rows": ["row"], "offset": "0", "sense": "minimise"}
    return Model({**named, "entries": entries, "limits": limits})


@pytest.mark.parametrize(
    ("cost", "ray", "reason"),
    [
        ("-1", "1", ""),
        ("-1/1000", "1", ""),
        ("-1", "1/1000", ""),
        ("0", "1", "a ray does not improve"),
        ("1", "1", "a ray does not improve"),
        ("-1", "0", "a ray does not improve"),
        ("1", "-1", "a ray leaves the limits"),
    ],
)
def test_a_ray_proves_that_there_is_no_least_value_by_however_little_it_improves(
    cost: str, ray: str, reason: str
) -> None:
    entry = {"outcome": "unbounded", "point": ["0"], "ray": [ray]}
    if reason:
        with pytest.raises(RefusedAudit, match=reason):
            _outcome(one_column("0", None, cost), entry)
    else:
        assert _outcome(one_column("0", None, cost), entry)[0] == "unbounded"
    with pytest.raises(RefusedAudit, match="a point is not feasible"):
        _outcome(one_column("0", None, cost), {**entry, "point": ["-1/1000"]})
    with pytest.raises(RefusedAudit, match="a point is not feasible"):
        _outcome(one_column("0", None, cost), {**entry, "ray": []})


@pytest.mark.parametrize(
    ("low", "high", "radii", "crossing"),
    [
        ("0", "1", ("1/2", "1/2"), False),
        ("0", "1", ("1/2", "501/1000"), True),
        ("0", "1", ("0", "1"), False),
        ("0", "1", ("1001/1000", "0"), True),
        (None, "1", ("5", "5"), False),
        ("0", None, ("5", "5"), False),
        ("1", "1", ("0", "0"), False),
    ],
)
def test_limits_cross_within_their_intervals_where_these_are_wider_than_they_are_apart(
    low: str | None, high: str | None, radii: tuple[str, str], crossing: bool
) -> None:
    given = {("xl", 0, 0): Fraction(radii[0]), ("xu", 0, 0): Fraction(radii[1])}
    assert _crossing(one_column(low, high), 0, given) is crossing
