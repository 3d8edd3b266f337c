"""A scikit-learn classifier as a trainer: what `from_sklearn` makes of a Pipeline, with the task's architecture."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.trainer import trainer
from algorithms.wrappers.sklearn import MODULES, fit_estimator
from oracle.task import Task

_MODULES = (*MODULES, "sklearn.pipeline")


@trainer("mlp-classifier", requires=_MODULES)
def mlp_classifier(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    penalty: float = 1e-4,
    iterations: int = 200,
    attempts: int = 4,
) -> Claim:
    """Train a scikit-learn Pipeline of RobustScaler, StandardScaler and MLPClassifier (L-BFGS on the log-loss).

    Guarantee: halts after at most `attempts` × `iterations` steps, having read `bits` digits; the network makes
    the classifier's decisions, in rational arithmetic. The claim is that L-BFGS met its stopping test.

    Parameters
    ----------
    penalty : float
        Weight of the squared weights in the loss (scikit-learn's alpha): it keeps the logits of a class together.

    Source
    ------
    Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, Nature 323 (1986);
    scikit-learn's implementation.
    """
    network: Any = import_module("sklearn.neural_network")
    scalers: Any = import_module("sklearn.preprocessing")
    pipeline: Any = import_module("sklearn.pipeline")
    classifier = network.MLPClassifier(
        hidden_layer_sizes=task.architecture[1:-1], solver="lbfgs", alpha=penalty, max_iter=iterations
    )
    model = pipeline.make_pipeline(scalers.RobustScaler(), scalers.StandardScaler(), classifier)
    return fit_estimator(task, rng, model, bits, attempts)
