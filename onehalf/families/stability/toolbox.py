"""What generic attacks find on a network, beside its certificate: the adversarial-robustness-toolbox (an extra).

Both attacks see the network in the coordinates (x_1/ε, x_2/δ, …), in which all perturbations that the certificate
speaks of, and all those along e_1 that leave f alone, have maximum norm 1 at most. What they return is evaluated
exactly.

References
----------
Moosavi-Dezfooli, Fawzi, Fawzi, Frossard: Universal adversarial perturbations, CVPR 2017 (on DeepFool, CVPR 2016);
Madry, Makelov, Schmidt, Tsipras, Vladu: Towards deep learning models resistant to adversarial attacks, ICLR 2018.
"""

from __future__ import annotations

import importlib.util
import json
import random
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.families.stability.classifier import Rule
from onehalf.families.stability.perturbations import Sample, values_at
from onehalf.families.stability.problem import Stability
from onehalf.record.directory import TRIALS
from onehalf.record.result import Result
from onehalf.record.store import Store
from oracle.networks import Network

Floats = NDArray[np.float64]
_BUDGET = 1 - 2.0**-20
_ROUNDS, _DEEPFOOL_STEPS = 4, 20


def available() -> bool:
    """Tell whether the library is installed (``pip install onehalf[attacks]``)."""
    return importlib.util.find_spec("art") is not None


def attack_outputs(result: Result, most: int) -> None:
    """Attack the first `most` networks of every trainer on a stability problem, and store what was found."""
    store = Store(result.directory / TRIALS)
    try:
        for index, cell in enumerate(result.experiment.cells):
            problem = cell.problem
            if isinstance(problem, Stability) and cell.spec.described().role == "trainer" and problem.feature:
                done = len(store.certificates(index, "attacks"))
                bodies = store.uncertified(index, "attacks")[: max(0, most - done)]
                found = [
                    (
                        digest,
                        json.dumps(
                            generic_attack(problem.decode(body), problem.sample, problem.monotone, index)
                        ),
                    )
                    for digest, body in bodies
                ]
                store.write_certificates(index, found, "attacks")
    finally:
        store.close()


def generic_attack(network: Network, sample: Sample, rule: Rule, seed: int) -> dict[str, Any]:
    """Return how many points a universal perturbation, and how many PGD one by one, makes wrong, exactly.

    Both within |η_1| < ε and |η_2| < δ.
    """
    from art.attacks.evasion import ProjectedGradientDescentNumpy, UniversalPerturbation

    scale = np.array([float(sample.radius), float(sample.delta), *[1.0] * (sample.dimension - 2)])
    target = _classifier(network, scale)
    exact = sample.level(0).points
    points = exact.astype(np.float64) / scale
    labels = np.eye(2)[list(sample.labels)]
    universal = UniversalPerturbation(
        target,
        attacker="deepfool",
        attacker_params={"verbose": False, "max_iter": _DEEPFOOL_STEPS},
        delta=0.0,
        eps=_BUDGET,
        max_iter=_ROUNDS,
        verbose=False,
    )
    gradient = ProjectedGradientDescentNumpy(
        target, norm=np.inf, eps=_BUDGET, eps_step=0.1, max_iter=40, verbose=False, batch_size=len(points)
    )
    # The library draws from Python's global generator: it is lent a seed, and put back as it was.
    state = random.getstate()
    random.seed(seed)
    try:
        universal.generate(points, labels)
        moved = gradient.generate(points, labels)
    finally:
        random.setstate(state)
    noise = np.repeat(
        np.clip(np.asarray(universal.noise, dtype=np.float64), -_BUDGET, _BUDGET), len(points), axis=0
    )
    steps = np.clip(np.asarray(moved, dtype=np.float64) - points, -_BUDGET, _BUDGET)
    return {
        "universal": _wrong(network, sample, rule, noise * scale),
        "pgd": _wrong(network, sample, rule, steps * scale),
        "noise": [float(x) for x in noise[0]],
    }


def _wrong(network: Network, sample: Sample, rule: Rule, shifts: Floats) -> int:
    """Return how many points are wrong once moved by float64 shifts, exactly."""
    points = sample.level(0).points.copy()
    for i, j in np.ndindex(*points.shape):
        points[i, j] = points[i, j] + Fraction(float(shifts[i, j]))
    values = values_at(network, points)
    return sum(rule.wrong(value, label) for value, label in zip(values, sample.labels, strict=True))


def _classifier(network: Network, scale: Floats) -> Any:
    """Return the network, in scaled coordinates, as a classifier of the library: logits (1/2 − φ, φ − 1/2)."""
    from art.estimators.classification import ClassGradientsMixin, ClassifierMixin
    from art.estimators.estimator import BaseEstimator, LossGradientsMixin

    layers = [(w.astype(np.float64), b.astype(np.float64)) for w, b in network.layers]
    layers[0] = (layers[0][0] * scale, layers[0][1])

    class Classifier(ClassGradientsMixin, ClassifierMixin, LossGradientsMixin, BaseEstimator):  # type: ignore[misc]
        """Values and gradients by back-propagation."""

        input_shape = (len(scale),)

        def fit(self, x: Any, y: Any, **options: Any) -> None:
            """Refuse: the network is trained."""
            raise NotImplementedError("the network under attack is trained already; attack it as it is")

        def predict(self, x: Any, **options: Any) -> Floats:
            """Return the logits, shape (m, 2)."""
            values = Network(layers)(np.asarray(x, dtype=np.float64)) - 0.5
            return np.stack([-values, values], axis=1)

        def class_gradient(self, x: Any, label: Any = None, **options: Any) -> Floats:
            """Return the gradients of the logits, shape (m, 2, d), or of one of them, shape (m, 1, d)."""
            slope = _gradient(layers, np.asarray(x, dtype=np.float64))
            both = np.stack([-slope, slope], axis=1)
            if label is None:
                return both
            chosen = np.broadcast_to(np.asarray(label), (len(slope),))
            return np.asarray(both[np.arange(len(slope)), chosen][:, None, :])

        def loss_gradient(self, x: Any, y: Any, **options: Any) -> Floats:
            """Return the gradient of the margin loss (wrong logit minus right logit), shape (m, d)."""
            slope = _gradient(layers, np.asarray(x, dtype=np.float64))
            toward = np.where(np.argmax(y, axis=1) == 1, -1.0, 1.0)
            return np.asarray(toward[:, None] * slope)

    classifier = Classifier(model=None, clip_values=None)
    classifier.nb_classes = 2
    return classifier


def _gradient(layers: list[tuple[Floats, Floats]], points: Floats) -> Floats:
    """Return ∇φ at points of shape (m, d), the ReLU's derivative at 0 taken to be 0."""
    values, active = points, []
    for index, (w, b) in enumerate(layers):
        if index:
            active.append(values > 0)
            values = np.maximum(values, 0.0)
        values = values @ w.T + b
    slope = np.broadcast_to(layers[-1][0], (len(points), layers[-1][0].shape[1]))
    for (w, _), on in zip(reversed(layers[:-1]), reversed(active), strict=True):
        slope = (slope * on) @ w
    return np.asarray(slope)
