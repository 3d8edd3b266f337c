"""A PyTorch module of any class as exact layers, by its traced graph (torch.fx)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from algorithms.wrappers.blocks import Blocks, Value, zeros
from algorithms.wrappers.exact_layers import Exact, ExactLayers, exact
from oracle.errors import InvalidOutput

_KINDS = (
    "Linear, ReLU, LeakyReLU, Identity, Flatten, BatchNorm1d and Dropout in evaluation mode, sums of these"
)


def traced_layers(module: Any) -> ExactLayers:
    """Return layers that compute what a module's traced graph does, as rational numbers.

    The graph may hold Linear, ReLU, LeakyReLU, Identity, Flatten, and in evaluation mode BatchNorm1d and Dropout; sums,
    differences, and multiples by numbers and parameters. LeakyReLU takes two neurons for one. What skips a ReLU, as in
    a residual sum, is carried through it, an input by two neurons, other values by one. The factor of a BatchNorm
    is the float64 next to w/√(σ² + ε).

    Raises
    ------
    InvalidOutput
        If the graph cannot be traced, or holds anything else, which is then named.
    """
    fx: Any = import_module("torch.fx")
    width = _inputs(module)
    try:
        with import_module("torch").random.fork_rng(devices=[]):
            graph = fx.Tracer().trace(module)
    except Exception as error:
        raise InvalidOutput(
            f"{type(module).__name__} cannot be traced ({type(error).__name__}: {str(error).splitlines()[0]}); let "
            "forward compute without branches on values, or return an onehalf.Network"
        ) from error
    blocks, known = Blocks(width), dict[str, Any]()
    for node in graph.nodes:
        if node.op == "output":
            return _finished(blocks, _argument(node.args[0], known))
        known[node.name] = _computed(node, module, blocks, known)
    raise InvalidOutput(f"the graph of {type(module).__name__} has no output")


def _inputs(module: Any) -> int:
    """Return how many inputs the first layer with weights takes."""
    for part in module.modules():
        for name in ("in_features", "num_features"):
            if isinstance(getattr(part, name, None), int):
                return int(getattr(part, name))
    raise InvalidOutput(f"{type(module).__name__} cannot be exported: it holds no Linear; use {_KINDS}")


def _finished(blocks: Blocks, output: Any) -> ExactLayers:
    if not isinstance(output, Value) or output.width != 1:
        found = f"{output.width} numbers" if isinstance(output, Value) else f"a {type(output).__name__}"
        raise InvalidOutput(f"the module returns {found} for each point; a network here returns 1")
    return blocks.layers(output)


def _argument(given: Any, known: Mapping[str, Any]) -> Any:
    return known.get(given.name, given) if hasattr(given, "op") else given


def _computed(node: Any, module: Any, blocks: Blocks, known: Mapping[str, Any]) -> Any:
    """Return the value of a node: of points a `Value`, of parameters and numbers what they are."""
    if node.op == "placeholder":
        return blocks.inputs()
    if node.op == "get_attr":
        return _attribute(module, node.target)
    given = [_argument(x, known) for x in node.args]
    options = {name: _argument(x, known) for name, x in node.kwargs.items()}
    if node.op == "call_module":
        return _of_module(module.get_submodule(node.target), given, blocks)
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
    step = _STEPS.get(name.rstrip("_"))
    if step is None or not _ours(node):
        raise _refusal(name)
    try:
        return step(blocks, *given, **options)
    except (TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise InvalidOutput(
            f"{name} cannot be exported as it is called here ({error}); use {_KINDS}"
        ) from error


def _ours(node: Any) -> bool:
    """Tell whether a function is PyTorch's or Python's own operator, and no user's of the same name."""
    home = getattr(node.target, "__module__", None) or ""
    return node.op == "call_method" or home.partition(".")[0] in ("torch", "_operator", "operator", "")


def _refusal(what: str) -> InvalidOutput:
    return InvalidOutput(
        f"{what} cannot be exported as a ReLU network; use {_KINDS}, or return an onehalf.Network"
    )


def _attribute(module: Any, path: str) -> Any:
    found = module
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _of_module(part: Any, given: list[Any], blocks: Blocks) -> Value:
    nn: Any = import_module("torch.nn")
    kind = type(part).__name__
    value = given[0]
    if type(part) is not getattr(nn, kind, None) or kind not in _MODULES or not isinstance(value, Value):
        raise _refusal(kind)
    return _MODULES[kind](part, value, blocks)


def _linear(part: Any, value: Value, blocks: Blocks) -> Value:
    return _affine(blocks, value, part.weight, part.bias)


def _affine(blocks: Blocks, value: Value, weight: Any, bias: Any = None) -> Value:
    weights = exact(weight)
    return value.mapped(weights, zeros(len(weights)) if bias is None else exact(bias))


def _leaky(blocks: Blocks, value: Value, negative_slope: float = 0.01, inplace: bool = False) -> Value:
    below = Fraction(negative_slope)
    ones = _constant(1, value.width)
    negative = blocks.relu(value.scaled(-ones, zeros(value.width)))
    return blocks.relu(value).plus(negative.scaled(-below * ones, zeros(value.width)))


def _batch_norm(part: Any, value: Value, blocks: Blocks) -> Value:
    if part.training or part.running_mean is None:
        raise InvalidOutput(
            "BatchNorm1d computes with its batch, so the module is no function of one point; return it after "
            "net.eval(), with running statistics"
        )
    variances = [float(x) + float(part.eps) for x in exact(part.running_var)]
    weight = _constant(1, len(variances)) if part.weight is None else exact(part.weight)
    shift = zeros(len(variances)) if part.bias is None else exact(part.bias)
    factors = exact([float(w) / math.sqrt(v) for w, v in zip(weight, variances, strict=True)])
    return value.scaled(factors, shift - factors * exact(part.running_mean))


def _dropout(part: Any, value: Value, blocks: Blocks) -> Value:
    if part.training and part.p:
        raise InvalidOutput(
            "Dropout is in training mode, so that the module is random; return it after net.eval()"
        )
    return value


def _unchanged(part: Any, value: Value, blocks: Blocks) -> Value:
    return value


_MODULES: Mapping[str, Callable[[Any, Value, Blocks], Value]] = {
    "Linear": _linear,
    "ReLU": lambda part, value, blocks: blocks.relu(value),
    "LeakyReLU": lambda part, value, blocks: _leaky(blocks, value, part.negative_slope),
    "BatchNorm1d": _batch_norm,
    "Dropout": _dropout,
    "Flatten": _unchanged,
    "Identity": _unchanged,
}


def _constant(given: Any, width: int) -> Exact:
    """Return a number or a tensor of one number for each coordinate as (width,) Fractions."""
    if isinstance(given, Value):
        raise TypeError("a product of two values is no affine function")
    array = exact(np.asarray(given, dtype=np.float64) if isinstance(given, int | float) else given)
    return np.broadcast_to(array.reshape(-1), (width,)).copy()


def _sum(blocks: Blocks, one: Any, other: Any, *, alpha: Any = 1, sign: int = 1) -> Value:
    if not isinstance(one, Value):
        shift = _constant(one, other.width)
        return _product(blocks, other, sign * alpha).scaled(_constant(1, other.width), shift)
    if not isinstance(other, Value):
        return one.scaled(_constant(1, one.width), sign * Fraction(alpha) * _constant(other, one.width))
    if one.width != other.width:
        raise ValueError(f"widths {one.width} and {other.width}")
    return one.plus(_product(blocks, other, sign * alpha))


def _product(blocks: Blocks, one: Any, other: Any) -> Value:
    value, factor = (one, other) if isinstance(one, Value) else (other, one)
    return value.scaled(_constant(factor, value.width), zeros(value.width))


def _drop(
    blocks: Blocks, value: Value, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Value:
    if training and p:
        raise InvalidOutput(
            "dropout is in training mode, so that the module is random; return it after net.eval()"
        )
    return value


def _flat(blocks: Blocks, value: Value, start_dim: int = 0, end_dim: int = -1) -> Value:
    return value


def _squeezed(blocks: Blocks, value: Value, dim: int = -1) -> Value:
    if value.width != 1 or dim not in (1, -1):
        raise ValueError("only a last dimension of one number is squeezed")
    return value


_STEPS: Mapping[str, Callable[..., Value]] = {
    "linear": _affine,
    "relu": lambda blocks, value, inplace=False: blocks.relu(value),
    "leaky_relu": _leaky,
    "dropout": _drop,
    "flatten": _flat,
    "squeeze": _squeezed,
    "add": _sum,
    "iadd": _sum,
    "sub": lambda blocks, one, other, alpha=1: _sum(blocks, one, other, alpha=alpha, sign=-1),
    "mul": _product,
    "imul": _product,
    "truediv": lambda blocks, value, by: _product(blocks, value, 1 / _constant(by, value.width)),
    "neg": lambda blocks, value: _product(blocks, value, -1),
}
