"""PyTorch's Adam on a Sequential of Linear and ReLU layers, through the wrapper that users have."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.trainer import trainer
from algorithms.wrappers.torch import MODULES, train_module
from oracle.networks import Network
from oracle.task import Task


@trainer("torch-adam", requires=MODULES)
def torch_adam(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    learning_rate: float = 0.1,
    epochs: int = 150,
    target: float = 1e-4,
    attempts: int = 3,
) -> Network | Claim:
    """Train a PyTorch Sequential with torch.optim.Adam on the mean squared error, in PyTorch's default precision.

    Guarantee: halts after at most `attempts` × `epochs` passes over the data, having read `bits` digits; the network
    is the trained module after the scaling, in rational arithmetic. The claim is that the loss came down to
    `target`.

    Parameters
    ----------
    epochs : int
        Most full-batch steps in one attempt.
    target : float
        The mean squared error at which training stops.

    Source
    ------
    Kingma, Ba: Adam, a method for stochastic optimization, ICLR 2015; PyTorch's implementation.
    """
    torch: Any = import_module("torch")

    def train(points: Any, labels: Any, architecture: tuple[int, ...]) -> tuple[Any, bool]:
        steps: list[Any] = []
        for inputs, outputs in pairwise(architecture):
            steps += [torch.nn.ReLU(), torch.nn.Linear(inputs, outputs)]
        module = torch.nn.Sequential(*steps[1:])
        optimiser = torch.optim.Adam(module.parameters(), lr=learning_rate, betas=(0.8, 0.99))
        for _ in range(epochs):
            optimiser.zero_grad()
            loss = torch.nn.functional.mse_loss(module(points)[:, 0], labels)
            if loss.item() <= target:
                return module, True
            loss.backward()
            optimiser.step()
        return module, False

    return train_module(task, rng, train, bits, attempts)
