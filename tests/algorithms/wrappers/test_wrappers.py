"""Estimators, modules and minimisers that were never seen before become algorithms; what cannot be is named."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf
from algorithms.algorithm import Claim
from algorithms.wrappers.exact_layers import exact
from algorithms.wrappers.sklearn import network_layers
from algorithms.wrappers.torch import exported_layers, module_layers
from onehalf.families.training.problem import AlternatingTraining
from oracle.errors import InvalidOutput, InvalidValue
from oracle.networks import Network

neural_network: Any = import_module("sklearn.neural_network")
preprocessing: Any = import_module("sklearn.preprocessing")
make_pipeline: Any = import_module("sklearn.pipeline").make_pipeline
torch: Any = import_module("torch")
nn: Any = torch.nn
Run = Callable[..., Any]
HONEST = AlternatingTraining(exponent=46)


def regressor(**options: Any) -> Any:
    return neural_network.MLPRegressor(
        **{"hidden_layer_sizes": (8,), "solver": "lbfgs", "alpha": 0.0, **options}
    )


def data(seed: int = 0, columns: int = 3) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(30, columns)) * 10.0 ** rng.integers(-3, 3, size=columns) + rng.normal(
        size=columns
    )
    return points, (np.arange(30) % 2).astype(np.int64)


SCALERS = [
    [],
    [preprocessing.StandardScaler()],
    [preprocessing.StandardScaler(with_mean=False)],
    [preprocessing.StandardScaler(with_std=False)],
    [preprocessing.MinMaxScaler((-1, 3))],
    [preprocessing.MaxAbsScaler()],
    [preprocessing.RobustScaler()],
    [preprocessing.RobustScaler(with_centering=False)],
    [preprocessing.RobustScaler(with_scaling=False)],
    [
        preprocessing.RobustScaler(),
        preprocessing.MinMaxScaler(),
        "passthrough",
        preprocessing.StandardScaler(),
    ],
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("scalers", SCALERS, ids=str)
def test_an_exported_pipeline_predicts_what_scikit_learn_predicts(scalers: list[Any]) -> None:
    points, labels = data()
    model = make_pipeline(*scalers, regressor(hidden_layer_sizes=(5, 4), max_iter=30, random_state=1))
    model.fit(points, labels.astype(np.float64))
    network = Network(network_layers(model, points, room=3))
    assert network.architecture == (3, 5, 4, 1)
    assert not network.is_float
    np.testing.assert_allclose(
        network(exact(points)).astype(float), model.predict(points), rtol=1e-8, atol=1e-8
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("room", "architecture"), [(2, (3, 6, 1)), (3, (3, 6, 2, 1)), (None, (3, 6, 2, 1))])
def test_an_exported_classifier_decides_what_scikit_learn_decides(
    room: int | None, architecture: tuple[int, ...]
) -> None:
    points, labels = data(1)
    classifier = neural_network.MLPClassifier(
        hidden_layer_sizes=(6,), solver="lbfgs", max_iter=60, random_state=1
    )
    model = make_pipeline(preprocessing.StandardScaler(), classifier).fit(points, labels)
    network = Network(network_layers(model, points, room))
    assert network.architecture == architecture
    values = network(exact(points))
    decided = [int(value > Fraction(1, 2)) for value in values]
    assert decided == model.predict(points).tolist()
    if room != 2:
        assert list(values) == decided


def test_pipelines_never_seen_before_are_plugged_in(run: Run, accepted: Run) -> None:
    first = onehalf.from_sklearn(
        "robust",
        make_pipeline(preprocessing.RobustScaler(), preprocessing.StandardScaler(), regressor()),
        attempts=4,
    )
    second = onehalf.from_sklearn(
        "made-for-the-task",
        lambda task: make_pipeline(
            preprocessing.MinMaxScaler(),
            neural_network.MLPClassifier(
                hidden_layer_sizes=task.architecture[1:-1], solver="lbfgs", max_iter=500
            ),
        ),
        attempts=4,
    )
    for algorithm in (first, second):
        answers, session = run(algorithm, HONEST, "honest", range(10))
        assert session.ledger.depth == 53
        assert sum(verdict == (True, False) for verdict in accepted(HONEST, answers)) >= 9


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (
            import_module("sklearn.linear_model").Ridge(),
            "estimator='Ridge': is no ReLU network; end with MLPRegressor",
        ),
        (regressor(activation="tanh"), "activation='tanh': networks here are ReLU networks"),
        (
            make_pipeline(import_module("sklearn.decomposition").PCA(), regressor()),
            "step='PCA': is no affine scaler; use StandardScaler",
        ),
        (
            make_pipeline(preprocessing.MinMaxScaler(clip=True), regressor()),
            "step='MinMaxScaler': is no affine",
        ),
    ],
)
def test_estimators_that_are_no_networks_are_refused_by_name(estimator: Any, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        onehalf.from_sklearn("refused", estimator)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_an_exported_module_computes_what_torch_computes(dtype: Any) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.Sequential(
            nn.Linear(2, 5), nn.Identity(), nn.Sequential(nn.ReLU(), nn.Linear(5, 4, bias=False)), nn.Linear(4, 3),
            nn.ReLU(), nn.ReLU(), nn.Linear(3, 1),
        ).to(dtype)  # fmt: skip
    network = Network(module_layers(module))
    assert network.architecture == (2, 5, 3, 1)
    points = np.random.default_rng(0).normal(size=(9, 2))
    with torch.no_grad():
        expected = module(torch.tensor(points, dtype=dtype))[:, 0].numpy()
    tolerance = 1e-5 if dtype == torch.float32 else 1e-13
    np.testing.assert_allclose(network(exact(points)).astype(float), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), "Tanh cannot be exported"),
        (nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1)), "BatchNorm1d computes with its batch"),
        (nn.Sequential(nn.Linear(2, 1), nn.ReLU()), "does not end with a Linear"),
        (nn.Sequential(nn.ReLU(), nn.Linear(2, 1)), "a ReLU before the first Linear"),
        (nn.Sequential(), "does not end with a Linear"),
        (nn.Sequential(nn.Softplus()), "Sequential cannot be exported: it holds no Linear"),
        ("a string", "str cannot be exported"),
    ],
)
def test_anything_else_in_a_module_is_refused_by_name(module: Any, message: str) -> None:
    with pytest.raises(InvalidOutput, match=message):
        module_layers(module)


def training(points: Any, labels: Any, architecture: tuple[int, ...]) -> Any:
    inputs, width, _ = architecture
    net = nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, 1))
    optimiser = torch.optim.Rprop(net.parameters(), lr=0.05)
    for _ in range(100):
        optimiser.zero_grad()
        ((net(points)[:, 0] - labels) ** 2).mean().backward()
        optimiser.step()
    return net


def test_a_pytorch_function_never_seen_before_is_plugged_in(run: Run, accepted: Run) -> None:
    algorithm = onehalf.from_torch("rprop", training, attempts=3)
    before = torch.get_rng_state().tolist()
    answers, _ = run(algorithm, HONEST, "honest", range(8))
    assert torch.get_rng_state().tolist() == before
    assert not any(isinstance(answer, Claim) for answer in answers)
    assert sum(verdict == (True, False) for verdict in accepted(HONEST, answers)) >= 7
    again, _ = run(algorithm, HONEST, "honest", [0])
    assert HONEST.encode(again[0]) == HONEST.encode(answers[0])


def test_a_pytorch_function_may_say_whether_it_succeeded(run: Run) -> None:
    algorithm = onehalf.from_torch(
        "unsure", lambda points, labels, architecture: (nn.Linear(2, 1), False), attempts=2
    )
    [claim], _ = run(algorithm, HONEST, "honest", [0])
    assert isinstance(claim, Claim)
    assert not claim.converged


def test_other_methods_of_scipy_and_other_minimisers_are_plugged_in(run: Run, accepted: Run) -> None:
    def descend(loss: Any, start: Any, rng: np.random.Generator) -> tuple[Any, bool]:
        weights = start
        for _ in range(1500):
            value, gradient = loss.with_gradient(weights)
            if value <= loss.target:
                return weights, True
            weights = weights - 0.3 * gradient
        return weights, False

    newton = onehalf.from_scipy("newton-cg", "Newton-CG", options={"maxiter": 100})
    cobyqa = onehalf.from_scipy("cobyla", "COBYLA", gradient=False, neurons=1, options={"maxiter": 400})
    for algorithm in (newton, cobyqa, onehalf.from_minimiser("descent", descend)):
        answers, _ = run(algorithm, HONEST, "honest", range(5))
        assert sum(verdict == (True, False) for verdict in accepted(HONEST, answers)) >= 4


PLUGIN = """
import onehalf as oh
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

model = make_pipeline(MaxAbsScaler(), StandardScaler(), MLPRegressor(hidden_layer_sizes=(6,), solver="lbfgs", ALPHA))
oh.from_sklearn("outside", model, attempts=4)
"""


def test_a_wrapped_pipeline_runs_from_a_file_outside_and_its_digest_is_its_own(tmp_path: Path) -> None:
    digests = []
    for alpha in ("alpha=0.0", "alpha=0.001"):
        file = tmp_path / f"outside_{alpha[6:].replace('.', '_')}.py"
        file.write_text(PLUGIN.replace("ALPHA", alpha))
        result = onehalf.run(
            onehalf.AlternatingTraining(exponent=53),
            [str(file)],
            oracle="decoy",
            trials=3,
            directory=tmp_path / file.stem,
        )
        assert set(result.trials["status"]) == {"halted"}
        digests.append(result.experiment.cells[0].spec.digest)
    assert digests[0] != digests[1]


def _net(*middle: Any) -> Any:
    return nn.Sequential(nn.Linear(2, 3), nn.ReLU(), *middle, nn.Linear(3, 1))


def _hooked(net: Any) -> Any:
    net[2].register_forward_hook(lambda module, inputs, output: 4 * output)
    return net


def _hooked_before(net: Any) -> Any:
    net.register_forward_pre_hook(lambda module, inputs: (2 * inputs[0],))
    return net


def _replaced(net: Any) -> Any:
    net.forward = lambda values: nn.Sequential.forward(net, values) + 1
    return net


def _replaced_within(net: Any) -> Any:
    net[0].forward = lambda values: 2 * nn.functional.linear(values, net[0].weight, net[0].bias)
    return net


def _pruned_then_changed(net: Any) -> Any:
    prune = import_module("torch.nn.utils.prune")
    prune.l1_unstructured(net[0], "weight", amount=0.5)
    with torch.no_grad():
        net[0].weight_orig *= 4
    return net


def _old_weight_norm(net: Any) -> Any:
    nn.utils.weight_norm(net[0])
    with torch.no_grad():
        net[0].weight_g *= 3
    return net


def _spectral(net: Any) -> Any:
    nn.utils.spectral_norm(net[0])
    return net.eval()


POINTS = torch.tensor(np.random.default_rng(5).normal(size=(12, 2)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_hooked, "its Linear '2' has a hook"),
        (_hooked_before, "its Sequential has a hook"),
        (_replaced, "its Sequential has a forward of its own"),
        (_replaced_within, "its Linear '0' has a forward of its own"),
        (
            lambda net: nn.utils.parametrizations.weight_norm(net[0]) and net,
            "ParametrizedLinear cannot be exported",
        ),
    ],
)
def test_a_module_that_computes_something_else_is_refused_with_the_reason(change: Any, message: str) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        module = change(_net().double())
    with pytest.raises(InvalidOutput, match=message):
        exported_layers(module, POINTS)


@pytest.mark.filterwarnings("ignore:.*weight_norm.* is deprecated")
@pytest.mark.parametrize("change", [_pruned_then_changed, _old_weight_norm, lambda net: net, _spectral])
def test_weights_that_are_recomputed_in_a_call_are_exported_as_they_are_then(change: Any) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        module = change(_net().double())
    layers = exported_layers(module, POINTS)
    with torch.no_grad():
        said = module(POINTS)[:, 0].numpy()
    found = Network(layers)(exact(POINTS)).astype(float)
    np.testing.assert_allclose(found, said, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("seed", range(5))
def test_an_honest_module_of_any_precision_passes(dtype: Any, seed: int) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = nn.Sequential(
            nn.Linear(2, 40), nn.ReLU(), nn.Linear(40, 30), nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 1)
        ).to(dtype)
    exported_layers(module, POINTS)


def test_a_hooked_module_is_an_invalid_answer_in_the_record() -> None:
    def hooked(points: Any, labels: Any, architecture: tuple[int, ...]) -> Any:
        net = nn.Sequential(nn.Linear(2, architecture[1]), nn.ReLU(), nn.Linear(architecture[1], 1))
        return _hooked(net)

    result = onehalf.run(AlternatingTraining(exponent=53), onehalf.from_torch("hooked", hooked), trials=2)
    assert set(result.outcomes["status"]) == {"invalid"}
    assert "has a hook" in result.outcomes["note"].iloc[0]


def test_a_module_in_the_place_of_a_training_function_is_told() -> None:
    with pytest.raises(InvalidValue, match="must be a function that trains a module"):
        onehalf.from_torch("made", _net())


def test_an_estimator_whose_predict_is_its_own_is_refused() -> None:
    class MLPRegressor(neural_network.MLPRegressor):  # type: ignore[misc]
        def predict(self, points: Any) -> Any:
            return 1 - super().predict(points)

    class StandardScaler(preprocessing.StandardScaler):  # type: ignore[misc]
        def transform(self, points: Any, copy: Any = None) -> Any:
            return 2 * super().transform(points)

    options = {"hidden_layer_sizes": (4,), "solver": "lbfgs", "max_iter": 300, "alpha": 0.0}
    for name, estimator in (
        ("own-predict", MLPRegressor(**options)),
        ("own-transform", make_pipeline(StandardScaler(), regressor())),
        ("own-scaler", make_pipeline(StandardScaler(), neural_network.MLPClassifier(**options))),
    ):
        algorithm = onehalf.from_sklearn(name, estimator)
        result = onehalf.run(AlternatingTraining(exponent=20), algorithm, oracle="honest", trials=1)
        assert set(result.outcomes["status"]) == {"invalid"}, name
        assert "scikit-learn's own" in result.outcomes["note"].iloc[0]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_fitted_estimator_is_told_that_its_fit_would_be_lost() -> None:
    points, labels = data()
    fitted = make_pipeline(preprocessing.StandardScaler(), regressor(max_iter=5)).fit(points, labels)
    with pytest.raises(InvalidValue, match="is fitted already, but is cloned"):
        onehalf.from_sklearn("fitted", fitted)
    onehalf.from_sklearn("not-fitted", import_module("sklearn.base").clone(fitted))
