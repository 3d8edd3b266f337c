"""A training algorithm from a PyTorch training function that returns an nn.Module: exported exactly, or refused."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from algorithms.algorithm import Claim, Function
from algorithms.toolkit.fitting import Array, Fit, best_of, restart_goal, standardise
from algorithms.wrappers.exact_layers import ExactLayers, after, exact, probes, require_same
from algorithms.wrappers.register import register_trainer
from algorithms.wrappers.traced import traced_layers
from oracle.errors import InvalidOutput, InvalidValue
from oracle.networks import Network
from oracle.task import Task

MODULES = ("torch", "torch._dynamo")
"""What must be imported before runs are forked: the first optimiser imports the second, which takes seconds."""

# (points, labels, architecture) -> nn.Module, or (nn.Module, whether it says that it succeeded)
Training = Callable[[Any, Any, tuple[int, ...]], Any]


def from_torch(name: str, train: Training, *, bits: int = 53, attempts: int = 1) -> Function:
    """Register a PyTorch training function as a training algorithm.

    Parameters
    ----------
    name : str
        How experiments and reports call it.
    train : callable
        ``train(points, labels, architecture) -> nn.Module``, or ``-> (nn.Module, converged)``. `points` is a tensor
        of shape (r, d) of standardised features and `labels` one of shape (r,), both of torch's default dtype;
        `architecture` is (d, N_1, …, 1). The module may be of any class whose graph torch.fx traces to Linear, ReLU,
        LeakyReLU, Flatten, sums, and in evaluation mode BatchNorm1d and Dropout (`traced_layers`); or it is an
        `onehalf.Network` of the standardised features, which is taken as it is. Whatever it draws from torch's global
        generator is seeded from the trial's; the generator's state is put back afterwards.
    bits : int
        Default of the parameter of this name: binary digits read of every coordinate.
    attempts : int
        Default of the parameter of this name: trainings, until the largest training error is at most ε̂/√r; the best
        is kept.

    Returns
    -------
    function
        The algorithm ``(task, rng, *, bits, attempts) -> Claim``, or without a claim where `train` makes none. Its
        network is compared with the module itself, at the points and at random ones; an answer that is another
        function, as with hooks or a replaced ``forward``, is refused (status *invalid*) with the reason.

    Raises
    ------
    InvalidValue
        If `train` is a module, not a function that trains one.

    Examples
    --------
    >>> def train(points, labels, architecture):
    ...     inputs, width, _ = architecture
    ...     net = torch.nn.Sequential(torch.nn.Linear(inputs, width), torch.nn.ReLU(), torch.nn.Linear(width, 1))
    ...     optimiser = torch.optim.Adam(net.parameters(), lr=0.1)
    ...     for _ in range(200):
    ...         optimiser.zero_grad()
    ...         ((net(points)[:, 0] - labels) ** 2).mean().backward()
    ...         optimiser.step()
    ...     return net
    >>> algorithm = from_torch("my-torch", train)
    """
    if not callable(train) or hasattr(train, "state_dict"):
        raise InvalidValue(
            "train",
            type(train).__name__,
            "must be a function that trains a module; one made beforehand would be the same in every trial",
            "give a function (points, labels, architecture) that returns a trained module",
        )
    default_bits, default_attempts = bits, attempts

    def trainer(
        task: Task, rng: np.random.Generator, *, bits: int = default_bits, attempts: int = default_attempts
    ) -> Network | Claim:
        return train_module(task, rng, train, bits, attempts)

    summary = f"Train with the PyTorch function {getattr(train, '__name__', 'given')}."
    return register_trainer(name, trainer, train, summary, MODULES)


def train_module(
    task: Task, rng: np.random.Generator, train: Training, bits: int, attempts: int
) -> Network | Claim:
    """Train modules until one meets the goal ε̂/√r, and return the best as a network, exactly.

    It is a claim if `train` says whether it succeeded.

    Raises
    ------
    InvalidOutput
        If the module holds what is no ReLU network, which is then named, or computes something else.
    """
    torch: Any = import_module("torch")
    scaled = standardise(task.read(bits))
    dtype = torch.get_default_dtype()
    points, targets = torch.tensor(scaled.features, dtype=dtype), torch.tensor(task.labels, dtype=dtype)
    factor = 1 / exact(scaled.scale)
    affine = factor, -factor * exact(scaled.mean)
    flags: list[bool] = []

    def fits() -> Any:
        for _ in range(attempts):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(int(rng.integers(2**63)))
                answer = train(points, targets, task.architecture)
            module, converged = answer if isinstance(answer, tuple) else (answer, None)
            if converged is not None:
                flags.append(bool(converged))
            layers = module.exact_layers() if isinstance(module, Network) else exported_layers(module, points)
            yield Fit(after(layers, affine), _error(layers, scaled.features, task.labels), bool(converged))

    best = best_of(fits(), restart_goal(task.tolerance, len(task.labels)))
    network = Network(best.layers)
    return Claim(network, converged=best.converged) if flags else network


def _error(layers: ExactLayers, features: Array, labels: Any) -> float:
    floats = Network([(w.astype(np.float64), b.astype(np.float64)) for w, b in layers])
    return float(np.abs(floats(features) - labels).max())


def exported_layers(module: Any, points: Any) -> ExactLayers:
    """Return the layers of a module (`module_layers`) that computes what they compute, at `points` and random ones.

    Raises
    ------
    InvalidOutput
        If it is no such module, or computes something else, as with hooks or a `forward` of its own.
    """
    torch: Any = import_module("torch")
    module_layers(module)
    dtype = next(module.parameters()).dtype
    places = torch.tensor(probes(points.double().numpy()), dtype=dtype)
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        # Pruning and normed weights are brought up to date by a call.
        module(places)
        layers = module_layers(module)
        said = module(places)
    if tuple(said.shape) not in ((len(places), 1), (len(places),)):
        raise InvalidOutput(
            f"the module returns shape {tuple(said.shape)} for {len(places)} points: {_cause(module)}"
        )
    numbers = torch.finfo(dtype)
    values = said.reshape(-1).double().numpy()
    require_same(
        layers,
        places.double().numpy(),
        values,
        lambda: _cause(module),
        float(numbers.eps),
        float(numbers.max) / 16,
    )
    return layers


def _cause(module: Any) -> str:
    """Return what in a module may change what it computes, beyond its weights."""
    for name, part in module.named_modules():
        what = f"its {type(part).__name__}" + (f" {name!r}" if name else "")
        if part._forward_hooks or part._forward_pre_hooks:
            return f"{what} has a hook, which is not part of a network; put what it does into the weights"
        if "forward" in vars(part):
            return (
                f"{what} has a forward of its own, which is not exported; use torch.nn's layers as they are"
            )
    return "something beside its weights takes part; use torch.nn's layers as they are, and no global hooks"


def module_layers(module: Any) -> ExactLayers:
    """Return the layers of an nn.Module as rational numbers: of a Sequential of Linear and ReLU its own.

    Neighbouring Linear layers, which have no ReLU between them, are multiplied out; a ReLU after the last Linear is
    refused, for networks here end with an affine layer. Any other module is traced (`traced_layers`).

    Raises
    ------
    InvalidOutput
        If it holds anything else, or its layers do not make such a network.
    """
    nn: Any = import_module("torch.nn")
    steps = _flatten(module)
    if steps is None:
        if not isinstance(module, nn.Module):
            raise InvalidOutput(
                f"{type(module).__name__} cannot be exported; return a torch.nn.Module or an onehalf.Network"
            )
        return traced_layers(module)
    layers: ExactLayers = []
    rectified = False
    for step in steps:
        if _kind(step) == "ReLU":
            if not layers:
                raise InvalidOutput(
                    "a ReLU before the first Linear; networks here begin with an affine layer"
                )
            rectified = True
            continue
        weights = exact(step.weight)
        biases = exact(np.zeros(len(weights)) if step.bias is None else step.bias)
        if layers and not rectified:
            before_w, before_b = layers.pop()
            weights, biases = weights @ before_w, weights @ before_b + biases
        layers.append((weights, biases))
        rectified = False
    if not layers or rectified:
        raise InvalidOutput("the module does not end with a Linear; networks here end with an affine layer")
    return layers


def _flatten(module: Any) -> list[Any] | None:
    """Return the Linear and ReLU layers of nested Sequentials, in order; None where there is anything else."""
    kind = _kind(module)
    if kind == "Sequential":
        parts = [_flatten(child) for child in module]
        return None if None in parts else [step for part in parts if part for step in part]
    if kind == "Identity":
        return []
    return [module] if kind in ("Linear", "ReLU") else None


def _kind(module: Any) -> str:
    """Return the class's name if it is torch.nn's own class of that name: a subclass may compute anything."""
    nn: Any = import_module("torch.nn")
    name = type(module).__name__
    return name if type(module) is getattr(nn, name, None) else ""
