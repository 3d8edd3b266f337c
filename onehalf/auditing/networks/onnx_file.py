"""Networks from ONNX files: a chain of operations is followed from the input to the output."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.networks.builder import Builder
from onehalf.auditing.networks.trained import TrainedNetwork
from oracle.errors import InvalidValue

_PASSES = ("Identity", "Dropout", "Cast")
_RESHAPES = ("Flatten", "Reshape", "Squeeze", "Unsqueeze")
_ENDS = ("Softmax", "LogSoftmax", "Sigmoid")


def read_onnx(path: Path) -> TrainedNetwork:
    """Return the network of an .onnx file.

    Raises
    ------
    InvalidValue
        If the extra is not installed, the file is malformed, or an operation is neither affine nor a ReLU.
    """
    try:
        import onnx
    except ImportError as error:
        raise InvalidValue(
            "file", str(path), "needs the package onnx to be read", "pip install onehalf[onnx]"
        ) from error
    try:
        model = onnx.load(str(path))
    except Exception as error:
        raise InvalidValue(
            "file", str(path), f"is no ONNX model: {_first_line(error)}", "export it anew"
        ) from error
    graph = model.graph
    constants = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    if not graph.node:
        raise InvalidValue("file", str(path), "is empty: it has no operations", "give a whole network")
    if len(constants) < len(graph.initializer):
        raise InvalidValue("file", str(path), "holds two arrays of one name", "export it anew")
    inputs = [entry for entry in graph.input if entry.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        rule = f"has {len(inputs)} inputs and {len(graph.output)} outputs"
        raise InvalidValue("file", str(path), rule, "export it with one of each")
    sizes = [axis.dim_value for axis in inputs[0].type.tensor_type.shape.dim]
    shape = tuple(sizes[1:]) if len(sizes) > 1 else tuple(sizes)
    if not shape or min(shape) < 1:
        raise InvalidValue(
            "file", str(path), f"has an input of shape {sizes}", "export it with sizes that are fixed"
        )
    builder = Builder(path.name, shape)
    current = inputs[0].name
    for node in graph.node:
        settings = {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute}
        if _folded(node, settings, constants, onnx):
            continue
        operands = [name for name in node.input if name]
        computed = [name for name in operands if name not in constants]
        if computed != [current]:
            rule = "takes what other operations computed as well: the network is no chain"
            builder.refuse(f"{node.op_type} {node.name}".strip(), rule)
        _add(builder, node.op_type, operands, operands.index(current), constants, settings)
        current = node.output[0]
    if current != graph.output[0].name:
        raise InvalidValue(
            "file", str(path), "has an output that is not the end of its chain", "export it anew"
        )
    return builder.network()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _folded(node: Any, settings: Mapping[str, Any], constants: dict[str, Any], onnx: Any) -> bool:
    """Work out a node of constants alone; tell whether it was one."""
    if node.op_type == "Constant":
        if "value" in settings:
            constants[node.output[0]] = onnx.numpy_helper.to_array(settings["value"])
            return True
        kind = next(iter(settings))
        constants[node.output[0]] = np.asarray(settings[kind])
        return True
    if not node.input or any(name not in constants for name in node.input if name):
        return False
    value = constants[node.input[0]]
    if node.op_type == "Transpose":
        value = np.transpose(value, settings.get("perm"))
    elif node.op_type == "Reshape":
        value = value.reshape([int(n) for n in constants[node.input[1]]])
    elif node.op_type != "Identity":
        return False
    constants[node.output[0]] = value
    return True


def _add(
    builder: Builder,
    kind: str,
    operands: list[str],
    at: int,
    constants: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> None:
    others = [constants[name] for name in operands if name in constants]
    if kind in _PASSES:
        return
    if kind in _RESHAPES:
        _reshape(builder, kind, others, settings)
    elif kind == "Transpose":
        order = list(settings.get("perm", range(len(builder.shape) + 1)[::-1]))
        if order[0] != 0:
            builder.refuse(kind, "moves the batch")
        builder.permute([axis - 1 for axis in order[1:]])
    elif kind == "Relu":
        builder.relu()
    elif kind in ("Add", "Sub", "Mul", "Div"):
        _elementwise(builder, kind, others[0], at)
    elif kind == "MatMul":
        table = np.asarray(others[0])
        builder.dense(table.T if at == 0 else table)
    elif kind == "Gemm":
        _gemm(builder, others, at, settings)
    elif kind == "Conv":
        _conv(builder, others, settings)
    elif kind == "BatchNormalization":
        if settings.get("training_mode"):
            builder.refuse(kind, "is in training mode")
        builder.normalise(others[0], others[1], others[2], others[3], settings.get("epsilon", 1e-5))
    elif kind in _ENDS:
        builder.finish(kind)
    else:
        builder.refuse(kind)


def _reshape(builder: Builder, kind: str, others: list[Any], settings: Mapping[str, Any]) -> None:
    """Set a shape; the numbers keep their order."""
    size = builder.size
    if kind == "Flatten":
        builder.shape = (size,)
    elif kind == "Reshape":
        wanted = [int(n) for n in np.asarray(others[0]).ravel()]
        tail = wanted[1:] if len(wanted) > 1 and wanted[0] in (-1, 0, 1) else wanted
        if tail.count(-1) == 1:
            known = -math.prod(tail)
            tail = [size // known if n == -1 else n for n in tail]
        if not tail or math.prod(tail) != size:
            builder.refuse(kind, f"to {wanted} mixes the points of a batch")
        builder.shape = tuple(tail)
    else:
        axes = others[0] if others else settings.get("axes", ())
        marks = [1, *builder.shape]
        whole = np.zeros(marks)
        for axis in sorted(int(a) for a in np.asarray(axes).ravel()):
            whole = np.squeeze(whole, axis) if kind == "Squeeze" else np.expand_dims(whole, axis)
        builder.shape = tuple(whole.shape[1:]) or (size,)


def _elementwise(builder: Builder, kind: str, other: Any, at: int) -> None:
    value = np.asarray(other)
    if kind == "Add":
        builder.shift(value)
    elif kind == "Mul":
        builder.scale(value)
    elif kind == "Sub" and at == 0:
        builder.shift(-value.astype(np.float64))
    elif kind == "Sub":
        builder.scale(np.array(-1.0), value)
    elif at == 0:
        builder.divide(value)
    else:
        builder.refuse(kind, "divides by what was computed")


def _gemm(builder: Builder, others: list[Any], at: int, settings: Mapping[str, Any]) -> None:
    if at != 0 or settings.get("transA"):
        builder.refuse("Gemm", "does not have its points in rows")
    table = np.asarray(others[0]).astype(np.float64)
    table = table if settings.get("transB") else table.T
    bias = np.asarray(others[1]).astype(np.float64) if len(others) > 1 else np.zeros(1)
    # A product of two float32 is a float64, exactly.
    alpha, beta = float(settings.get("alpha", 1.0)), float(settings.get("beta", 1.0))
    builder.dense(alpha * table, np.broadcast_to(beta * bias.reshape(-1), (len(table),)))


def _conv(builder: Builder, others: list[Any], settings: Mapping[str, Any]) -> None:
    rank = np.asarray(others[0]).ndim - 2
    strides = list(settings.get("strides", [1] * rank))
    dilations = list(settings.get("dilations", [1] * rank))
    pads = list(settings.get("pads", [0] * (2 * rank)))
    auto = settings.get("auto_pad", b"NOTSET")
    auto = auto.decode() if isinstance(auto, bytes) else str(auto)
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        kernel = np.asarray(others[0]).shape[2:]
        spread = [d * (k - 1) + 1 for d, k in zip(dilations, kernel, strict=True)]
        whole = [
            max((-(-n // s) - 1) * s + k - n, 0)
            for n, s, k in zip(builder.shape[1:], strides, spread, strict=True)
        ]
        small, large = [n // 2 for n in whole], [n - n // 2 for n in whole]
        pads = [*small, *large] if auto == "SAME_UPPER" else [*large, *small]
    builder.conv(
        others[0],
        others[1] if len(others) > 1 else None,
        strides,
        pads,
        dilations,
        int(settings.get("group", 1)),
    )
