"""Malformed files of every kind that is audited: one sentence, exit status 2, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onehalf.cli import main

PROGRAM = (
    "NAME T\nROWS\n N COST\n G R\nCOLUMNS\n X COST 1.5 R 2.5\nRHS\n RHS R 1\nBOUNDS\n UP B X 5\nENDATA\n"
)
FIXED = (
    "NAME          T\nROWS\n N  COST\n G  R\nCOLUMNS\n    X         COST               1.5   R                  2.5\n"
    "RHS\n    RHS       R                  1.0\nENDATA\n"
)
LP = "minimize\n obj: 1.5 x + y\nsubject to\n c1: x + y >= 2\nbounds\n x <= 5\nend\n"
TABLE = "a,b,label\n1.5,2,x\n1.6,2,y\n"
NETWORK = json.dumps({"layers": [{"weights": [[1.5, 2], [0.5, -1]], "bias": [0, 1]}]})
NNET = "// a network\n1,2,1,2,\n2,1,\n0,\n0,0,\n1,1,\n0,0,0,\n1,1,1,\n1.5,2,\n0.5,\n"
TEXTS = [
    ("p.mps", "", "is empty"),
    ("p.mps", PROGRAM[:-8], "ends before ENDATA"),
    ("p.mps", PROGRAM.replace("2.5", "nan"), "is no finite decimal number"),
    ("p.mps", PROGRAM.replace("R 1\n", "R inf\n"), "is no finite decimal number"),
    ("p.mps", PROGRAM.replace("2.5", "1e300"), "must be at most 10^30"),
    ("p.mps", PROGRAM.replace("2.5", "2." + "5" * 5000), "has more than 4,000 digits"),
    ("p.mps", PROGRAM.replace("X 5", "X -inf"), "leaves it no value"),
    ("p.mps", PROGRAM.replace("X 5", "X 1e300"), "must be at most 10^30"),
    ("p.mps", PROGRAM.replace("RHS\n", " X R 2\nRHS\n", 1), "is there twice"),
    ("p.mps", "\x00\x01" * 90, "is no section of a linear program"),
    ("f.mps", FIXED[:95], "names and numbers do not come in pairs"),
    ("f.mps", FIXED[:-8], "ends before ENDATA"),
    ("f.mps", FIXED.replace("2.5", "nan"), "is no finite decimal number"),
    ("f.mps", FIXED.replace("  2.5", "1e300"), "must be at most 10^30"),
    ("f.mps", FIXED.replace("RHS\n", "    X         R                  1.0\nRHS\n", 1), "is there twice"),
    ("p.lp", "", "is empty"),
    ("p.lp", LP[:40], "is no linear program that HiGHS reads"),
    ("p.lp", LP.replace("1.5", "nan"), "must be finite"),
    ("p.lp", LP.replace("1.5", "1e300"), "must be finite"),
    ("p.lp", LP.replace(">= 2", ">= inf"), "is no linear program that HiGHS reads"),
    ("p.lp", LP.replace("bounds", " c1: x - y >= 0\nbounds"), "holds the name 'c1' twice"),
    ("t.csv", "", "is empty"),
    ("t.csv", TABLE[:-4], "row 3 has 2 cells"),
    ("t.csv", TABLE.replace("1.6", "nan"), "is no finite decimal number"),
    ("t.csv", TABLE.replace("1.6", "-inf"), "is no finite decimal number"),
    ("t.csv", TABLE.replace("1.6", "1e300"), "must be at most 10^30"),
    ("t.csv", TABLE.replace("b,label", "a,label"), "is the name of two columns"),
    ("t.csv", 'a,b,label\n"1,2,x\n1,2,y\n', "is no CSV"),
    ("n.json", "", "is no network"),
    ("n.json", NETWORK[:40], "is no network"),
    ("n.json", NETWORK.replace("1.5", "NaN"), "hold NaN or infinity"),
    ("n.json", NETWORK.replace("1.5", "1e999"), "hold NaN or infinity"),
    ("n.json", NETWORK[:-1] + ', "layers": []}', "is there twice"),
    ("n.json", "[" * 100_000, "is no network"),
    ("n.nnet", "", "is empty"),
    ("n.nnet", NNET[:22], "its header is cut off"),
    ("n.nnet", NNET[:-5], "do not fill layers"),
    ("n.nnet", NNET.replace("1.5", "nan"), "hold NaN or infinity"),
    ("n.nnet", "\x00\x01" * 90, "is no number"),
]
A, Y = np.array([[1.5, 2], [3, 4.5], [5, 6.25]]), np.array([1.0, 2, 3.5])
ARRAYS: list[tuple[dict[str, Any], str]] = [
    ({}, "holds nothing"),
    ({"A": np.zeros((0, 2)), "y": np.zeros(0)}, "must have a column"),
    ({"A": A * np.nan, "y": Y}, "must be finite"),
    ({"A": A, "y": Y * np.inf}, "must be finite"),
    ({"A": A * 1e300, "y": Y}, "must be at most 10^30"),
    ({"A": A * 1j, "y": Y}, "is no real number"),
    ({"A": np.array([["a", "b"]]), "y": np.array(["c"])}, "is no finite decimal number"),
    ({"X": A * 1e300, "y": Y}, "must be at most 10^30"),
    ({"X": A, "y": Y * np.nan}, "is NaN"),
    ({"X": A, "y": Y, "radius": [np.inf, 1]}, "is no finite decimal number"),
]


def told(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Audit a malformed file, and return what is said of it."""
    out = file.parent / "out"
    assert main(["audit", str(file), *options, "--out", str(out)]) == 2
    assert not out.exists()
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


@pytest.mark.parametrize(("name", "text", "words"), TEXTS)
def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    np.savez(tmp_path / "points.npz", X=[[0.5, 0.25]])
    options = ("--data", str(tmp_path / "points.npz")) if name.startswith("n.") else ()
    line = told(tmp_path / name, capsys, *options)
    assert words in line
    assert len(line) < 400 + len(str(tmp_path))


def test_what_the_tables_are_made_of_is_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("p.mps", PROGRAM), ("f.mps", FIXED), ("p.lp", LP), ("t.csv", TABLE)):
        (tmp_path / name).write_text(text)
        assert main(["audit", str(tmp_path / name), "--bits", "20", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["findings"]


@pytest.mark.parametrize(("arrays", "words"), ARRAYS)
def test_arrays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arrays: dict[str, Any], words: str
) -> None:
    np.savez(tmp_path / "r.npz", **arrays)
    assert words in told(tmp_path / "r.npz", capsys)


def test_arrays_that_are_cut_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.npz"
    np.savez(file, A=A, y=Y)
    whole = file.read_bytes()
    for size in (0, 40, len(whole) - 30):
        file.write_bytes(whole[:size])
        assert "is no .npz of plain arrays" in told(file, capsys)


def test_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrow = pytest.importorskip("pyarrow")
    written = pytest.importorskip("pyarrow.parquet")
    file, marks = tmp_path / "t.parquet", arrow.array(["x", "y"])
    for column, words in (
        (arrow.array([1.5, float("nan")]), "must be finite"),
        (arrow.array([1.5, float("inf")]), "must be finite"),
        (arrow.array([1.5, 1e300]), "must be at most 10^30"),
        (arrow.array([1.5, None]), "must be finite"),
        (arrow.array([[1.5], [2.0]]), "is no real number"),
    ):
        written.write_table(arrow.table([column, marks], names=["a", "label"]), file)
        assert words in told(file, capsys)
    written.write_table(arrow.table([marks, marks, marks], names=["a", "a", "label"]), file)
    assert "Multiple matches for FieldRef.Name(a)" in told(file, capsys)
    whole = file.read_bytes()
    for size in (0, len(whole) // 2):
        file.write_bytes(whole[:size])
        assert "t.parquet" in told(file, capsys)


def test_onnx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    onnx = pytest.importorskip("onnx")
    file, points = tmp_path / "n.onnx", tmp_path / "points.npz"
    np.savez(points, X=[[0.5, 0.25]])
    table = np.array([[1.5, 2], [0.5, -1]], dtype=np.float32)

    def model(*arrays: Any) -> bytes:
        real, given = onnx.TensorProto.FLOAT, onnx.helper.make_tensor_value_info
        constants = [onnx.numpy_helper.from_array(array, "W") for array in arrays]
        node = onnx.helper.make_node("Gemm", ["x", "W"], ["y"])
        graph = onnx.helper.make_graph(
            [node], "g", [given("x", real, [1, 2])], [given("y", real, [1, 2])], constants
        )
        made: bytes = onnx.helper.make_model(graph).SerializeToString()
        return made

    for body, words in (
        (b"", "is empty"),
        (model(table)[:40], "is no ONNX model"),
        (b"\xff\x00" * 40, "is no ONNX model"),
        (model(table * np.float32(np.nan)), "hold NaN or infinity"),
        (model(table * np.float32(np.inf)), "hold NaN or infinity"),
        (model(table, table), "two arrays of one name"),
    ):
        file.write_bytes(body)
        assert words in told(file, capsys, "--data", str(points))
