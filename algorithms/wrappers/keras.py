"""A Keras Sequential as exact layers, and a tree of parameters as JAX's libraries have them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from algorithms.wrappers.blocks import Blocks, Value, zeros
from algorithms.wrappers.exact_layers import ExactLayers, exact
from oracle.errors import InvalidOutput, InvalidValue

_SKIPPED = ("InputLayer", "Dropout", "Flatten")
_KINDS = "Dense, ReLU, LeakyReLU, Activation, BatchNormalization, Dropout, Flatten and InputLayer"
_WEIGHTS, _BIASES = ("kernel", "weight", "weights", "w", "W"), ("bias", "b")


def keras_layers(model: Any, inputs: int) -> ExactLayers:
    """Return the layers of a Keras Sequential of Dense and ReLU layers, as it is when it predicts.

    Raises
    ------
    InvalidOutput
        If it holds anything else, which is then named.
    """
    blocks = Blocks(inputs)
    value = blocks.inputs()
    for layer in model.layers:
        value = _step(layer, value, blocks)
    return blocks.layers(value)


def _step(layer: Any, value: Value, blocks: Blocks) -> Value:
    kind = type(layer).__name__
    if kind in _SKIPPED:
        return value
    if kind == "Dense":
        kernel, *bias = [exact(part) for part in layer.get_weights()]
        made = value.mapped(kernel.T, bias[0] if bias else zeros(kernel.shape[1]))
        return _activated(_name(layer.activation), made, blocks)
    if kind == "Activation":
        return _activated(_name(layer.activation), value, blocks)
    if kind == "ReLU" and _plain(layer, max_value=None, negative_slope=0, threshold=0):
        return blocks.relu(value)
    if kind == "LeakyReLU":
        slope = Fraction(float(getattr(layer, "negative_slope", getattr(layer, "alpha", 0.0))))
        ones, nothing = exact(np.ones(value.width)), zeros(value.width)
        negative = blocks.relu(value.scaled(-ones, nothing))
        return blocks.relu(value).plus(negative.scaled(-slope * ones, nothing))
    if kind == "BatchNormalization":
        return _normalised(layer, value)
    raise InvalidOutput(f"{kind} cannot be exported as a ReLU network; use {_KINDS}")


def _plain(layer: Any, **wanted: Any) -> bool:
    return all((getattr(layer, name, usual) or usual) == usual for name, usual in wanted.items())


def _name(activation: Any) -> str:
    return str(getattr(activation, "__name__", activation))


def _activated(name: str, value: Value, blocks: Blocks) -> Value:
    if name == "linear":
        return value
    if name == "relu":
        return blocks.relu(value)
    raise InvalidOutput(f'the activation {name} is no ReLU; take "relu", and "linear" in the last layer')


def _normalised(layer: Any, value: Value) -> Value:
    weights = {
        name: exact(getattr(layer, name))
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
        if getattr(layer, name, None) is not None
    }
    spread = [float(x) + float(layer.epsilon) for x in weights["moving_variance"]]
    gamma = weights.get("gamma", exact(np.ones(len(spread))))
    factors = exact([float(g) / math.sqrt(v) for g, v in zip(gamma, spread, strict=True)])
    beta = weights.get("beta", zeros(len(spread)))
    return value.scaled(factors, beta - factors * weights["moving_mean"])


def tree_layers(tree: Any) -> ExactLayers:
    """Return the layers of a tree of parameters, with ReLUs between them.

    Parameters
    ----------
    tree : mapping or sequence
        Such as ``{"params": {"Dense_0": {"kernel": …, "bias": …}, "Dense_1": …}}``, in the order of the numbers in the
        names, or a list of ``(W, b)`` or ``{"w": W, "b": b}``. W has shape (inputs, outputs), as in x @ W + b.

    Raises
    ------
    InvalidValue
        If it holds anything else.
    """
    layers = [(exact(np.asarray(w)).T, exact(np.asarray(b))) for w, b in _pairs(tree)]
    if not layers:
        raise _no_tree(tree)
    return layers


def _pairs(tree: Any) -> list[tuple[Any, Any]]:
    if isinstance(tree, Mapping):
        if set(tree) == {"params"}:
            return _pairs(tree["params"])
        named = _weights_and_bias(tree)
        if named is not None:
            return [named]
        return [pair for name in sorted(tree, key=_numbered) for pair in _pairs(tree[name])]
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        if len(tree) == 2 and _dimensions(tree[0]) == 2 and _dimensions(tree[1]) == 1:
            return [(tree[0], tree[1])]
        return [pair for part in tree for pair in _pairs(part)]
    raise _no_tree(tree)


def _weights_and_bias(tree: Mapping[str, Any]) -> tuple[Any, Any] | None:
    weights = [name for name in _WEIGHTS if name in tree and _dimensions(tree[name]) == 2]
    biases = [name for name in _BIASES if name in tree]
    if len(weights) != 1 or len(tree) != 1 + len(biases):
        return None
    return tree[weights[0]], tree[biases[0]] if biases else np.zeros(np.shape(tree[weights[0]])[1])


def _dimensions(part: Any) -> int:
    """Return how many dimensions an array has, -1 for what is none."""
    try:
        return np.ndim(part)
    except ValueError:
        return -1


def _numbered(name: str) -> tuple[int, str]:
    digits = re.findall(r"\d+", name)
    return (int(digits[-1]) if digits else -1), name


def _no_tree(found: Any) -> InvalidValue:
    return InvalidValue(
        "model",
        type(found).__name__,
        "is no model, and no tree of weights and biases",
        'give for example {"Dense_0": {"kernel": W, "bias": b}, …}, or [(W, b), …]',
    )
