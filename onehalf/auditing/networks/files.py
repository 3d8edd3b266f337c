"""Networks from files (.onnx, .nnet, .json) and from objects (torch modules, scikit-learn's MLPs, our own)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.networks.builder import Builder
from onehalf.auditing.networks.onnx_file import read_onnx
from onehalf.auditing.networks.trained import TrainedNetwork
from oracle.errors import InvalidValue
from oracle.networks import Network

NETWORKS = (".onnx", ".nnet", ".json")
_NORMALISED = (
    "Inputs enter as (x − mean)/range of the file's header, exactly; outputs are scaled back; its minima "
    "and maxima cut nothing off."
)
_DECIMALS = "The decimals of the file were read as the nearest float64s."


def read_network(source: Any, shape: Sequence[int] | None = None) -> TrainedNetwork:
    """Return a trained network, its weights taken as the rationals that they are.

    Parameters
    ----------
    source : path or object
        A file .onnx (extra `onnx`), .nnet, or .json ({"layers": [{"weights": …, "bias": …}, …]}, ReLU between); a
        torch module of Linear, Conv, ReLU, BatchNorm, Dropout, Identity and Flatten in sequence; a scikit-learn MLP; an
        `onehalf.Network`.
    shape : sequence of int, optional
        Of one input, where a torch module begins with a convolution: (channels, height, width).

    Returns
    -------
    TrainedNetwork

    Raises
    ------
    InvalidValue
        If the file is malformed or an operation is neither affine nor a ReLU, by its name.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            rule = "is a directory" if path.is_dir() else "does not exist"
            raise InvalidValue("file", str(source), rule, "check the path")
        readers = {".onnx": read_onnx, ".nnet": _read_nnet, ".json": _read_json}
        if path.suffix.lower() not in readers:
            raise InvalidValue(
                "file", str(path), "is no network that can be read", f"give one of {', '.join(NETWORKS)}"
            )
        return readers[path.suffix.lower()](path)
    if isinstance(source, TrainedNetwork):
        return source
    if isinstance(source, Network):
        return _of_layers([(w, b) for w, b in source.layers], "network")
    if hasattr(source, "coefs_") and hasattr(source, "intercepts_"):
        return _of_sklearn(source)
    if hasattr(source, "named_modules"):
        return _of_torch(source, shape)
    raise InvalidValue(
        "network",
        type(source).__name__,
        "is nothing that is read as a network",
        "give a file, a torch module or an MLP",
    )


def _of_layers(layers: Sequence[tuple[Any, Any]], name: str) -> TrainedNetwork:
    first = np.asarray(layers[0][0])
    if first.ndim != 2:
        raise InvalidValue("weights", first.shape, f"of {name} must be rows of numbers", "write [[…], …]")
    builder = Builder(name, (first.shape[1],))
    for index, (weights, bias) in enumerate(layers):
        if index:
            builder.relu()
        builder.dense(weights, bias)
    return builder.network()


def _read_json(path: Path) -> TrainedNetwork:
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
        layers = [
            (np.array(layer["weights"], dtype=np.float64), np.array(layer["bias"], dtype=np.float64))
            for layer in document["layers"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        rule = f"is no network: {type(error).__name__}: {error}"
        raise InvalidValue(
            "file", str(path), rule, 'write {"layers": [{"weights": [[…]], "bias": […]}, …]}'
        ) from error
    if not layers:
        raise InvalidValue("file", str(path), "has no layers", "give one at least")
    return _of_layers(layers, path.name)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, of which no name stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"one of the names {', '.join(found)} is there twice")
    return found


def _read_nnet(path: Path) -> TrainedNetwork:
    """Read the text format: layers, sizes, a flag, minima, maxima, means, ranges, then weights and biases by rows."""
    lines = [
        line.strip().rstrip(",")
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip() and not line.lstrip().startswith("//")
    ]
    if not lines:
        raise InvalidValue("file", str(path), "is empty", "give a whole network")
    try:
        rows = [[_float(cell) for cell in line.split(",") if cell.strip()] for line in lines]
        count = int(rows[0][0])
        sizes = [int(n) for n in rows[1]]
        header, body = rows[2:7], rows[7:]
        if len(sizes) != count + 1 or min(sizes) < 1 or len(body) != 2 * sum(sizes[1:]):
            raise ValueError(f"{len(body)} rows do not fill layers of {sizes}")
    except ValueError as error:
        raise InvalidValue("file", str(path), f"is no .nnet: {error}", "export it anew") from error
    except IndexError as error:
        raise InvalidValue(
            "file", str(path), "is no .nnet: its header is cut off", "export it anew"
        ) from error
    builder = Builder(path.name, (sizes[0],))
    means, ranges = header[3], header[4]
    scaled = len(means) == len(ranges) == sizes[0] + 1
    if scaled:
        if not all(ranges):
            raise InvalidValue("range", 0, f"of {path.name} must not be 0", "correct the header")
        builder.shift(-np.array(means[:-1]))
        builder.divide(np.array(ranges[:-1]))
        builder.notes.append(_NORMALISED)
    at = 0
    for index, size in enumerate(sizes[1:]):
        if index:
            builder.relu()
        table, bias = body[at : at + size], body[at + size : at + 2 * size]
        at += 2 * size
        if any(len(row) != sizes[index] for row in table) or any(len(row) != 1 for row in bias):
            raise InvalidValue(
                "file", str(path), f"has rows of layer {index + 1} of another length", "export it anew"
            )
        builder.dense(np.array(table), np.array(bias).ravel())
    if scaled:
        builder.scale(np.array(ranges[-1]), np.array(means[-1]))
    builder.notes.append(_DECIMALS)
    return builder.network()


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"{cell[:20]!r} is no number") from None


def _of_sklearn(model: Any) -> TrainedNetwork:
    name = type(model).__name__
    if model.activation != "relu":
        raise InvalidValue(
            "activation", model.activation, f"of {name} is no ReLU", "train it with activation='relu'"
        )
    made = _of_layers([(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)], name)
    if getattr(model, "out_activation_", "identity") == "logistic" and made.outputs == 1:
        from dataclasses import replace

        return replace(made, threshold=Fraction(0))
    return made


def _of_torch(module: Any, shape: Sequence[int] | None) -> TrainedNetwork:
    parts = [part for part in module.modules() if not list(part.children())]
    kinds = [type(part).__name__ for part in parts]
    if any(type(part).__name__ != "Sequential" for part in module.modules() if list(part.children())):
        raise InvalidValue(
            "module", type(module).__name__, "is no chain of layers", "give a torch.nn.Sequential"
        )
    if shape is None:
        first = next((part for part in parts if hasattr(part, "weight")), None)
        if first is None or kinds[parts.index(first)] != "Linear":
            raise InvalidValue(
                "shape", shape, "is needed where no Linear comes first", "give (channels, height, width)"
            )
        shape = (int(first.in_features),)
    builder = Builder(type(module).__name__, tuple(int(n) for n in shape))
    for part, kind in zip(parts, kinds, strict=True):
        _add_torch(builder, part, kind)
    return builder.network()


def _array(tensor: Any) -> Any:
    return None if tensor is None else tensor.detach().cpu().double().numpy()


def _add_torch(builder: Builder, part: Any, kind: str) -> None:
    if kind in ("Identity", "Dropout", "Dropout1d", "Dropout2d"):
        return
    if kind == "Flatten":
        builder.shape = (builder.size,)
    elif kind == "ReLU":
        builder.relu()
    elif kind == "Linear":
        builder.dense(_array(part.weight), _array(part.bias))
    elif kind in ("Conv1d", "Conv2d"):
        if isinstance(part.padding, str) or part.padding_mode != "zeros":
            builder.refuse(kind, "has a padding by name, or of other than zeros")
        pads = [*part.padding, *part.padding]
        builder.conv(_array(part.weight), _array(part.bias), part.stride, pads, part.dilation, part.groups)
    elif kind in ("BatchNorm1d", "BatchNorm2d") and part.track_running_stats:
        ones = np.ones(part.num_features)
        scale, shift = (ones, 0 * ones) if part.weight is None else (_array(part.weight), _array(part.bias))
        builder.normalise(scale, shift, _array(part.running_mean), _array(part.running_var), part.eps)
    elif kind in ("Softmax", "LogSoftmax", "Sigmoid"):
        builder.finish(kind)
    else:
        builder.refuse(kind)
