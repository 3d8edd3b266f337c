"""Networks are read as the rational functions that they are: against torch in float64, and format against format."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh

torch = pytest.importorskip("torch")


def convolutional(seed: int = 0) -> Any:
    """Return a small torch network with everything that is read, in evaluation mode."""
    torch.manual_seed(seed)
    nn = torch.nn
    made = nn.Sequential(
        nn.Conv2d(2, 4, 3, stride=2, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Identity(),
        nn.Conv2d(4, 4, 2, groups=2, dilation=2),
        nn.Sequential(nn.ReLU(), nn.Dropout(0.5)),
        nn.Flatten(),
        nn.Linear(4, 3),
        nn.BatchNorm1d(3),
        nn.Softmax(dim=1),
    )
    for part in made.modules():
        if hasattr(part, "running_mean"):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2.0)
    return made.eval()


def test_a_torch_network_has_the_values_of_torch() -> None:
    module = convolutional()
    network = oh.read_network(module, (2, 5, 5))
    points = np.random.default_rng(0).normal(size=(4, 2, 5, 5))
    expected = module.double()[:-1](torch.tensor(points)).detach().numpy()
    assert np.abs(network(points).astype(float) - expected).max() < 1e-12
    assert network.outputs == 3
    assert any("Softmax" in note for note in network.notes)
    assert any("batch normalisation" in note for note in network.notes)


def test_an_onnx_file_is_the_network_that_it_was_made_of(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    helper, to_tensor = onnx.helper, onnx.numpy_helper.from_array
    module = convolutional(1)
    parts = {name: value.detach().numpy() for name, value in module.state_dict().items()}
    node = helper.make_node
    bn = ["weight", "bias", "running_mean", "running_var"]
    nodes = [
        node("Conv", ["input", "0.weight", "0.bias"], ["a"], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("BatchNormalization", ["a", *(f"1.{name}" for name in bn)], ["b"]),
        node("Relu", ["b"], ["c"]),
        node("Identity", ["c"], ["d"]),
        node("Conv", ["d", "4.weight", "4.bias"], ["e"], group=2, dilations=[2, 2]),
        node("Relu", ["e"], ["f"]),
        node("Dropout", ["f"], ["g"]),
        node("Flatten", ["g"], ["h"]),
        node("Transpose", ["7.weight"], ["turned"]),
        node("MatMul", ["h", "turned"], ["i"]),
        node("Add", ["i", "7.bias"], ["j"]),
        node("BatchNormalization", ["j", *(f"8.{name}" for name in bn)], ["k"]),
    ]
    write(tmp_path / "n.onnx", nodes, [to_tensor(v, n) for n, v in parts.items() if v.ndim], [1, 2, 5, 5], 3)
    found, expected = oh.read_network(tmp_path / "n.onnx"), oh.read_network(module, (2, 5, 5))
    points = np.random.default_rng(1).normal(size=(3, 50))
    assert (found(points) == expected(points)).all()


def write(path: Path, nodes: list[Any], tensors: list[Any], shape: list[int], outputs: int) -> None:
    """Write a chain of nodes from "input" to the output of the last one."""
    import onnx

    info = onnx.helper.make_tensor_value_info
    float32 = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        nodes,
        "g",
        [info("input", float32, shape)],
        [info(nodes[-1].output[0], float32, [1, outputs])],
        tensors,
    )
    onnx.save(onnx.helper.make_model(graph), str(path))


def test_what_is_no_relu_network_is_refused_by_name(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    node, tensor = onnx.helper.make_node, onnx.numpy_helper.from_array
    one = tensor(np.ones((2, 2), dtype=np.float32), "w")
    for nodes, words in (
        ([node("Tanh", ["input"], ["a"])], "'Tanh'.*no affine map"),
        ([node("MatMul", ["input", "w"], ["a"]), node("Add", ["a", "input"], ["b"])], "no chain"),
        ([node("Softmax", ["input"], ["a"]), node("Relu", ["a"], ["b"])], "'Softmax'"),
        ([node("MatMul", ["input", "w"], ["a"]), node("Div", ["a", "w"], ["b"])], "."),
    ):
        write(tmp_path / "n.onnx", nodes, [one], [1, 2], 2)
        with pytest.raises(oh.InvalidValue, match=words):
            oh.read_network(tmp_path / "n.onnx")
    (tmp_path / "n.onnx").write_bytes((tmp_path / "n.onnx").read_bytes()[:30])
    with pytest.raises(oh.InvalidValue):
        oh.read_network(tmp_path / "n.onnx")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (torch.nn.Tanh(), "'Tanh'"),
        (torch.nn.MaxPool1d(2), "'MaxPool1d'"),
        (torch.nn.TransformerEncoderLayer(2, 1), "no chain of layers"),
    ],
)
def test_torch_layers_that_are_no_relus_are_refused_by_name(part: Any, words: str) -> None:
    with pytest.raises(oh.InvalidValue, match=words):
        oh.read_network(torch.nn.Sequential(torch.nn.Linear(2, 2), part, torch.nn.Linear(2, 2)))


NNET = "// a comment\n2,2,1,2,\n2,2,1,\n0,\n-1,-1,\n1,1,\n0.5,1,3,\n2,4,0.5,\n1,2,\n0.5,-1,\n0,\n1,\n1,-1,\n0.25,\n"


def test_an_nnet_file_is_normalised_exactly(tmp_path: Path) -> None:
    (tmp_path / "n.nnet").write_text(NNET)
    network = oh.read_network(tmp_path / "n.nnet")
    x, y = Fraction(3, 10), Fraction(7, 10)
    u, v = (x - Fraction(1, 2)) / 2, (y - 1) / 4
    value = max(u + 2 * v, 0) - max(u / 2 - v + 1, 0) + Fraction(1, 4)
    assert network(np.array([[x, y]], dtype=object))[0, 0] == value / 2 + 3
    (tmp_path / "plain.nnet").write_text(NNET.replace("0.5,1,3,\n2,4,0.5,", "0,\n0,"))
    assert oh.read_network(tmp_path / "plain.nnet").middle is None


def test_json_and_scikit_learn(tmp_path: Path) -> None:
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 3))
    model = MLPClassifier((6, 5), max_iter=30, random_state=0).fit(points, points[:, 0] > 0)
    network = oh.read_network(model)
    assert network.threshold == 0
    found = [int(row[0] >= 0) for row in network(points)]
    assert found == model.predict(points).astype(int).tolist()
    layers = [
        {"weights": w.T.tolist(), "bias": b.tolist()}
        for w, b in zip(model.coefs_, model.intercepts_, strict=True)
    ]
    (tmp_path / "n.json").write_text(json.dumps({"layers": layers}))
    assert (oh.read_network(tmp_path / "n.json")(points) == network(points)).all()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("n.json", "{}", "is no network"),
        ("n.json", '{"layers": []}', "has no layers"),
        ("n.json", '{"layers": [{"weights": [[1, NaN]], "bias": [0]}]}', "NaN or infinity"),
        ("n.json", '{"layers": [{"weights": [[1, 2]], "bias": [0, 1]}]}', "bias of 2"),
        ("n.json", '{"layers": [{"weights": [[1], [2, 3]], "bias": [0, 1]}]}', "is no network"),
        ("n.nnet", NNET[:60], "is no .nnet"),
        ("n.nnet", NNET.replace("2,4,0.5", "2,0,0.5"), "must not be 0"),
        ("n.h5", "", "is no network that can be read"),
    ],
)
def test_a_malformed_network_ends_in_one_sentence(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(oh.InvalidValue, match=words.replace(".", r"\.")):
        oh.read_network(tmp_path / name)


COUNTEREXAMPLE = "sat\n((X_0 0.5)\n (X_1  -1.25e-1)\n (Y_0 1.0) (Y_1 0.375)\n (Y_2 -0.5))\n"


def test_a_counterexample_of_others_is_judged_exactly(tmp_path: Path) -> None:
    """The outputs at (1/2, −1/8) are 2·1/2 = 1, 1/2 − 1/8 = 3/8 and −1/2."""
    (tmp_path / "n.json").write_text(
        '{"layers": [{"weights": [[2, 0], [1, 1], [-1, 0]], "bias": [0, 0, 0]}]}'
    )
    file = tmp_path / "found.counterexample"
    file.write_text(COUNTEREXAMPLE)
    for label, right in (("0", "Exactly 1 of 1 points is right."), ("2", "Exactly 0 of 1 points are right.")):
        audit = oh.audit(tmp_path / "n.json", data=file, label=label)
        assert audit.sentences[:2] == (
            right,
            "The outputs that the counterexample states are the exact ones.",
        )
    file.write_text(COUNTEREXAMPLE.replace("0.375", "0.374"))
    audit = oh.audit(tmp_path / "n.json", data=file)
    assert "states are within 0.001 of the exact ones" in audit.sentences[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unsat\n", "has no values X_0, X_1"),
        (COUNTEREXAMPLE.replace("X_1", "X_2"), "without a gap"),
        (COUNTEREXAMPLE.replace("X_1", "X_0"), "is there twice"),
        (COUNTEREXAMPLE.replace("0.375", "nan"), "is no finite decimal number"),
        (COUNTEREXAMPLE.replace("(Y_2 -0.5)", ""), "the network has 3"),
        (COUNTEREXAMPLE.replace("(X_0", "(X_2 1) (X_0"), "inputs"),
    ],
)
def test_a_counterexample_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "n.json").write_text(
        '{"layers": [{"weights": [[2, 0], [1, 1], [-1, 0]], "bias": [0, 0, 0]}]}'
    )
    (tmp_path / "found.txt").write_text(text)
    with pytest.raises(oh.InvalidValue, match=words):
        oh.audit(tmp_path / "n.json", data=tmp_path / "found.txt")
