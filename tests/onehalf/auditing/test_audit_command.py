"""The command `onehalf audit` as its users meet it: files, --json, exit status, one sentence for what is malformed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import onehalf as oh
from onehalf.cli import main

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "audit"
TABLE = "x,z,label\n0.5,1.5,a\n0.6,1.5,b\n2.5,1.5,a\n"


def test_a_program_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["audit", str(EXAMPLES / "diet.mps"), "--bits", "20", "52", "--json", "--out", str(tmp_path)])
        == 0
    )
    short = json.loads(capsys.readouterr().out)
    whole = json.loads((tmp_path / "audit.json").read_text())
    assert short["kind"] == "linear program"
    assert [finding["radii"] for finding in short["findings"]] == ["2^-20", "2^-52"]
    assert "data" not in short
    assert "data" in whole
    page = (tmp_path / "report.html").read_text()
    assert short["sentences"][0] in page
    assert "Digits and precision" in page


def test_a_training_set_with_its_data_sets_and_trainers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    words = [
        "audit",
        str(tmp_path / "t.csv"),
        "--radius",
        "x=0.1",
        "--train",
        "KNeighborsClassifier",
        "GaussianNB",
    ]
    assert main([*words[:4], "--out", str(tmp_path / "out")]) == 0
    assert "above 2^-1 on every data set" in capsys.readouterr().out
    rows = (tmp_path / "out" / "data-sets" / "as-written" / "one-order.csv").read_text().splitlines()
    assert rows[0] == "x,z,label"
    assert all(
        abs(Fraction(row.split(",")[0]) - Fraction(old.split(",")[0])) <= Fraction(1, 10)
        for row, old in zip(rows[1:], TABLE.splitlines()[1:], strict=True)
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Theorem T" in page
    assert "<svg" in page
    (tmp_path / "more.csv").write_text(TABLE + "".join(f"{k + 3.5},1.5,{'ab'[k % 2]}\n" for k in range(6)))
    assert (
        main(["audit", str(tmp_path / "more.csv"), *words[2:], "--json", "--out", str(tmp_path / "more")])
        == 0
    )
    found = json.loads(capsys.readouterr().out)["findings"][0]["facts"]
    for trainer in found["trainers"]:
        assert Fraction(trainer["worst"]) <= Fraction(trainer["mean"]) <= Fraction(found["accuracy_at_most"])


NETWORK = (
    '{"layers": [{"weights": [[1.0, 0.5], [-1.0, 2.0]], "bias": [0.1, 0.2]}, '
    '{"weights": [[1.0, -1.0], [0.5, 0.5]], "bias": [0, 0]}]}'
)


def test_a_network_with_points_and_directions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "n.json").write_text(NETWORK)
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "points.npz", X=rng.normal(size=(20, 2)), y=rng.integers(0, 2, 20))
    np.save(tmp_path / "diagonal.npy", [1.0, -1.0])
    words = [
        "audit",
        str(tmp_path / "n.json"),
        "--data",
        str(tmp_path / "points.npz"),
        "--delta",
        "0.01",
        "0.5",
    ]
    words += ["--direction", "1", str(tmp_path / "diagonal.npy"), "--out", str(tmp_path / "out")]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [finding["radii"] for finding in found["findings"]] == ["within 0.01", "within 0.5"]
    facts = found["findings"][1]["facts"]
    assert list(facts["directions"]) == ["x1", "diagonal"]
    network = oh.read_network(tmp_path / "n.json")
    whole = json.loads((tmp_path / "out" / "audit.json").read_text())
    labels, entered = whole["data"]["labels"], whole["data"]["entered"]
    right = [k for k in range(20) if facts["right"] and k not in facts["wrong"]]
    assert facts["right"] == len(right)
    proof = whole["findings"][1]["proof"]["directions"]["diagonal"]
    for k in range(20):
        moved = [Fraction(x) + Fraction(proof["t"]) * v for x, v in zip(entered[k], (1, -1), strict=True)]
        values = network(np.array([moved], dtype=object))[0]
        assert (k in proof["wrong"]) == (values[labels[k]] <= values[1 - labels[k]])
    page = (tmp_path / "out" / "report.html").read_text()
    assert "<svg" in page
    assert "as the rational function" in page
    assert main([*words[:4], "--delta", "0.01", "--out", str(tmp_path / "out")]) == 0
    assert "Exactly" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "options", "words"),
    [
        ("p.mps", "NAME T\nROWS\n N COST\nCOLUMNS\n X COST nan\nENDATA\n", [], "nan"),
        ("p.mps", "", [], "is empty"),
        ("p.txt", "x", [], "is of no kind that can be audited"),
        ("t.csv", TABLE, ["--label", "colour"], "is no column"),
        ("t.csv", TABLE, ["--drop", "colour"], "is no column"),
        ("t.csv", TABLE, ["--radius", "w=1"], "fits no entry"),
        ("p.mps", "NAME T\n", ["--label", "x"], "is for training sets"),
        ("p.mps", "NAME T\n", ["--delta", "0.1"], "is for networks"),
        ("n.json", NETWORK, [], "is needed with a network"),
        ("n.json", NETWORK, ["--data", "nowhere.npz"], "does not exist"),
    ],
)
def test_what_is_malformed_ends_in_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, options: list[str], words: str
) -> None:
    (tmp_path / name).write_text(text)
    assert main(["audit", str(tmp_path / name), *options, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
