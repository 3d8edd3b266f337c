"""Networks trained elsewhere as the networks of this program: exactly, and compared with the model itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from algorithms.wrappers.exact_layers import ExactLayers, Floats, after, exact, probes, require_same
from algorithms.wrappers.keras import keras_layers, tree_layers
from oracle.arithmetic.foreign import plain_array
from oracle.errors import InvalidOutput, InvalidValue
from oracle.networks import Network

# By the name of a model's floats: their spacing at 1, and magnitudes up to which they are compared.
_FLOATS = {
    "float64": (2.0**-52, 1e300),
    "float32": (2.0**-23, 1e37),
    "float16": (2.0**-10, 4e3),
    "bfloat16": (2.0**-7, 1e37),
}
_CAUSE = "something beside its weights takes part, such as an activation that is no ReLU, or a layer left out"


def network_from(
    model: Any,
    points: ArrayLike,
    *,
    predict: Callable[[Any], Any] | None = None,
    mean: ArrayLike | None = None,
    scale: ArrayLike | None = None,
) -> Network:
    """Return a trained model as a network, its weights taken as the rational numbers that they are.

    The network is compared with the model at the points and at as many random ones, at least 16.

    Parameters
    ----------
    model : object
        A PyTorch module (`from_torch` says of which kinds), a fitted MLP of scikit-learn, alone or behind scalers, a
        Keras Sequential, or a tree of parameters as JAX, flax and haiku have them: ``{"Dense_0": {"kernel": W, "bias":
        b}, …}``, ``[(W, b), …]``, with x @ W + b and ReLUs between the layers.
    points : array (r, d)
        What it was trained on, as it takes them: after any scaling.
    predict : callable, optional
        ``predict(points) -> (r,) or (r, 1)``: what the model computes. Parameters alone do not say it, so a tree needs
        it: ``lambda points: model.apply(variables, points)``.
    mean, scale : array (d,), or number, optional
        The model takes (x − mean)/scale for x; the network then is a function of x itself.

    Raises
    ------
    InvalidOutput
        If the model is no ReLU network of one output, or the network computes something else than it.
    InvalidValue
        If the model is of no kind above, or an argument does not fit.

    Examples
    --------
    >>> weights = [([[2.0]], [0.0]), ([[1.0]], [0.5])]
    >>> network_from(weights, [[1.0], [-1.0]], predict=lambda x: np.maximum(2 * x, 0) + 0.5).architecture
    (1, 1, 1)
    """
    places = np.asarray(points, dtype=np.float64)
    if places.ndim != 2 or 0 in places.shape or not np.isfinite(places).all():
        raise InvalidValue(
            "points", places.shape, "must be finite numbers, (r, d)", "give the training points"
        )
    return Network(_unscaled(_layers(model, places, predict), mean, scale, places.shape[1]))


def _layers(model: Any, points: Floats, predict: Callable[[Any], Any] | None) -> ExactLayers:
    if hasattr(model, "best_estimator_"):
        raise InvalidValue(
            "model", type(model).__name__, "is a search, and no network", "give its best_estimator_"
        )
    if isinstance(model, Network):
        return model.exact_layers()
    # With PyTorch below it, a Keras model is a PyTorch module as well.
    if all(hasattr(model, name) for name in ("layers", "predict", "get_weights")):
        layers = keras_layers(model, points.shape[1])
        compared_with(layers, points, predict or model)
        return layers
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        from algorithms.wrappers.torch import exported_layers

        return exported_layers(model, torch.tensor(points))
    if hasattr(model, "get_params"):
        from algorithms.wrappers.sklearn import exported_estimator

        return exported_estimator(model, points)
    layers = tree_layers(model)
    if predict is None:
        raise InvalidValue(
            "predict",
            None,
            "is needed, for parameters do not say what is computed with them",
            "give predict=lambda points: …, which returns the model's values",
        )
    compared_with(layers, points, predict)
    return layers


def compared_with(layers: ExactLayers, points: Floats, predict: Callable[[Any], Any]) -> None:
    """Check that layers compute what a model does, at the points and at random ones, to rounding error.

    The model is given float32, and its rounding error is that of the floats that it returns.

    Raises
    ------
    InvalidOutput
        If they do not, or the model returns another shape.
    """
    width = layers[0][0].shape[1]
    if points.shape[1] != width:
        raise InvalidOutput(
            f"the model takes {width} numbers for each point, and the points have {points.shape[1]}"
        )
    places = probes(points).astype(np.float32)
    told = predict(places)
    said = plain_array(told)
    if said.shape not in ((len(places), 1), (len(places),)):
        raise InvalidOutput(
            f"the model returns shape {said.shape} for {len(places)} points; a network here has 1 output"
        )
    name = str(getattr(told, "dtype", "float64")).rpartition(".")[2]
    unit, largest = _FLOATS.get(name, _FLOATS["float64"])
    values = said.reshape(-1).astype(np.float64)
    require_same(layers, places.astype(np.float64), values, lambda: _CAUSE, unit, largest)


def _unscaled(layers: ExactLayers, mean: Any, scale: Any, width: int) -> ExactLayers:
    if mean is None and scale is None:
        return layers
    centre = exact(np.broadcast_to(np.asarray(0.0 if mean is None else mean, dtype=np.float64), (width,)))
    spread = exact(np.broadcast_to(np.asarray(1.0 if scale is None else scale, dtype=np.float64), (width,)))
    if not all(spread):
        raise InvalidValue(
            "scale", "with a 0", "divides, so that no entry may be 0", "take 1 for such columns"
        )
    factor = 1 / spread
    return after(layers, (factor, -factor * centre))
