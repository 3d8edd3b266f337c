"""Networks trained elsewhere: exported exactly, compared with the model itself, and refused where they disagree."""

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onehalf as oh
from algorithms.wrappers.blocks import Blocks, Value, zeros
from algorithms.wrappers.exact_layers import exact
from algorithms.wrappers.torch import exported_layers
from onehalf.families.training.problem import AlternatingTraining
from tests.algorithms.conftest import Run

torch: Any = import_module("torch")
nn: Any = torch.nn
HONEST = AlternatingTraining(exponent=40)
POINTS = np.random.default_rng(5).normal(size=(12, 2))


class Residual(nn.Module):  # type: ignore[misc]
    """A user's class: batch normalisation, a leaky block added to what it was made of, dropout, a gain."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.first = nn.BatchNorm1d(2), nn.Linear(2, 4)
        self.second, self.last = nn.Linear(4, 4), nn.Linear(4, 1)
        self.leaky, self.drop = nn.LeakyReLU(0.25), nn.Dropout(0.5)
        self.gain = nn.Parameter(torch.tensor(0.5))

    def forward(self, points: Any) -> Any:
        hidden = torch.relu(self.first(self.norm(points)))
        hidden = hidden + self.drop(self.leaky(self.second(hidden)))
        return (self.last(hidden) * self.gain).flatten(1)


class Skipping(nn.Module):  # type: ignore[misc]
    """The input itself is carried through two ReLU layers."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.side = nn.Linear(2, 3), nn.Linear(3, 1), nn.Linear(2, 1)

    def forward(self, points: Any) -> Any:
        return -self.second(self.first(points).relu()).relu() + 2 * self.side(points) - 1


class Doubling(nn.Linear):  # type: ignore[misc]
    """A subclass that computes something else than a Linear."""

    def forward(self, points: Any) -> Any:
        return 2 * super().forward(points)


class Branching(nn.Module):  # type: ignore[misc]
    """What cannot be traced."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, points: Any) -> Any:
        return self.layer(points) if points.sum() > 0 else -self.layer(points)


def made(make: Callable[[], Any], dtype: Any = torch.float64) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        module = make().to(dtype)
        module(torch.tensor(POINTS, dtype=dtype))
    return module.eval()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("make", "architecture"),
    [
        (Residual, (2, 4, 12, 1)),
        (Skipping, (2, 3 + 4, 1 + 4, 1)),
        (lambda: nn.Sequential(Doubling(2, 3), nn.ReLU(), nn.Linear(3, 1)), (2, 3, 1)),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(2, 3), nn.LeakyReLU(), nn.Linear(3, 1)), (2, 6, 1)),
    ],
)
def test_a_traced_module_is_exported_exactly(make: Any, architecture: tuple[int, ...], dtype: Any) -> None:
    module = made(make, dtype)
    network = oh.network_from(module, POINTS)
    assert network.architecture == architecture
    with torch.no_grad():
        said = module(torch.tensor(POINTS, dtype=dtype)).double().numpy()[:, 0]
    found = network(exact(torch.tensor(POINTS, dtype=dtype))).astype(float)
    np.testing.assert_allclose(found, said, atol=1e-5 if dtype == torch.float32 else 1e-12)


def _hooked(module: Any) -> Any:
    module.last.register_forward_hook(lambda part, given, told: 4 * told)
    return module


def _replaced(module: Any) -> Any:
    module.forward = lambda points: Residual.forward(module, points) + 1
    return module


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (_hooked(made(Residual)), "its Linear 'last' has a hook"),
        (_replaced(made(Residual)), "its Residual has a forward of its own"),
        (made(Residual).train(), "BatchNorm1d computes with its batch"),
        (
            nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Dropout(), nn.Linear(3, 1)),
            "Dropout is in training mode",
        ),
        (nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1)), "Sigmoid cannot be exported"),
        (nn.Sequential(nn.Dropout(0.0), nn.Linear(2, 3), nn.ReLU()), "returns 3 numbers for each point"),
        (Branching(), "Branching cannot be traced .*let forward compute without branches on values"),
    ],
)
def test_a_module_that_is_no_such_network_is_refused_with_the_way_out(module: Any, message: str) -> None:
    with pytest.raises(oh.InvalidOutput, match=message):
        exported_layers(module, torch.tensor(POINTS, dtype=next(module.parameters()).dtype))


def test_a_class_and_a_network_are_taken_from_a_plugin(run: Run, accepted: Run) -> None:
    def own(points: Any, labels: Any, architecture: tuple[int, ...]) -> Any:
        side = points[:, 1].double()
        low, high = side[labels == 0].mean(), side[labels == 1].mean()
        slope = float(1 / (high - low))
        return oh.Network([([[0.0, slope]], [-slope * float(low)]), ([[1.0]], [0.0])])

    answers, _ = run(oh.from_torch("own-network", own), HONEST, "honest", range(2))
    assert accepted(HONEST, answers) == [(True, False)] * 2

    def classed(points: Any, labels: Any, architecture: tuple[int, ...]) -> Any:
        return made(Residual, torch.float32)

    (answer,), _ = run(oh.from_torch("classed", classed), HONEST, "honest", range(1))
    assert answer.architecture == (2, 4, 12, 1)


def dense(kernel: Any, bias: Any, activation: str) -> Any:
    made_of = {"get_weights": lambda self: [kernel, bias], "activation": SimpleNamespace(__name__=activation)}
    return type("Dense", (), made_of)()


W1, B1 = np.float32([[1, -2, 0.5], [0.25, 1, -1]]), np.float32([0.5, 0, -0.125])
W2, B2 = np.float32([[1], [-0.75], [2]]), np.float32([0.0625])


def said(points: Any) -> Any:
    return np.maximum(points @ W1 + B1, 0) @ W2 + B2


def test_keras_layers_and_parameter_trees_are_exported() -> None:
    keras = SimpleNamespace(
        layers=[dense(W1, B1, "relu"), dense(W2, B2, "linear")], predict=None, get_weights=None
    )
    tree = {"params": {"Dense_10": {"kernel": W2, "bias": B2}, "Dense_2": {"kernel": W1, "bias": B1}}}
    for model in (keras, tree, [(W1, B1), (W2, B2)], [{"w": W1, "b": B1}, {"w": W2, "b": B2}]):
        network = oh.network_from(model, POINTS, predict=said)
        assert network.architecture == (2, 3, 1)
        assert network(exact([[2.0, 1.0]]))[0] == Fraction(float(said(np.array([[2.0, 1.0]]))[0, 0]))
    raw = oh.network_from(tree, POINTS, predict=said, mean=[1, 2], scale=[0.5, 3])
    assert raw(exact([[2.0, 5.0]]))[0] == Fraction(float(said(np.array([[2.0, 1.0]]))[0, 0]))


def test_what_disagrees_or_cannot_be_known_is_refused() -> None:
    tree = [(W1, B1), (W2, B2)]
    with pytest.raises(oh.InvalidOutput, match=r"the exported network is .* where the model itself is"):
        oh.network_from(tree, POINTS, predict=lambda x: np.tanh(x @ W1 + B1) @ W2 + B2)
    with pytest.raises(oh.InvalidValue, match="parameters do not say what is computed with them"):
        oh.network_from(tree, POINTS)
    keras = SimpleNamespace(
        layers=[dense(W1, B1, "tanh"), dense(W2, B2, "linear")], predict=None, get_weights=None
    )
    with pytest.raises(oh.InvalidOutput, match='the activation tanh is no ReLU; take "relu"'):
        oh.network_from(keras, POINTS)
    with pytest.raises(oh.InvalidValue, match="is no model, and no tree of weights and biases"):
        oh.network_from("weights.h5", POINTS)
    with pytest.raises(oh.InvalidValue, match="scale='with a 0'"):
        oh.network_from(tree, POINTS, predict=said, scale=[0, 1])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_search_is_refused_with_its_best_estimator_as_the_way_out() -> None:
    neural = import_module("sklearn.neural_network")
    search = import_module("sklearn.model_selection").GridSearchCV(
        neural.MLPRegressor(), {"alpha": [0.1, 1.0]}
    )
    with pytest.raises(oh.InvalidValue, match=r"is a search, and no network; .*best_estimator_"):
        oh.from_sklearn("searched", search)
    search.best_estimator_ = neural.MLPRegressor(hidden_layer_sizes=(3,), solver="lbfgs", max_iter=5).fit(
        POINTS, POINTS[:, 0]
    )
    with pytest.raises(oh.InvalidValue, match="give its best_estimator_"):
        oh.network_from(search, POINTS)
    assert oh.network_from(search.best_estimator_, POINTS).architecture == (2, 3, 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_any_graph_of_sums_and_relus_is_what_its_layers_compute(seed: int) -> None:
    rng = np.random.default_rng(seed)
    blocks, points = Blocks(2), rng.integers(-9, 9, (5, 2))
    values: list[tuple[Value, Any]] = [(blocks.inputs(), points.T.astype(object))]
    for _ in range(rng.integers(1, 6)):
        (value, told), (other, also) = (values[k] for k in rng.integers(len(values), size=2))
        width = int(rng.integers(1, 3))
        a, b = (rng.integers(-2, 3, (width, v.width)).astype(object) for v in (value, other))
        total = value.mapped(exact(a.astype(float)), zeros(width)).plus(
            other.mapped(exact(b.astype(float)), zeros(width))
        )
        values.append((blocks.relu(total), np.maximum(a @ told + b @ also, 0)))
    value, told = values[-1]
    output = value.mapped(exact(np.ones((1, value.width))), exact(np.ones(1)))
    network = oh.Network(blocks.layers(output))
    assert network(exact(points.astype(float))).tolist() == (told.sum(axis=0) + 1).tolist()
