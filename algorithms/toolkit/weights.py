"""The weights of a ReLU network as one flat vector, one network at a time or many: starts, values, loss, gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from algorithms.toolkit.fitting import Array, training_error


def weight_count(architecture: Sequence[int]) -> int:
    """Return the number of weights and biases of an architecture."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(architecture))


def random_weights(architecture: Sequence[int], rng: np.random.Generator, *lead: int) -> Array:
    """Return random weights, shape (*lead, n): W_i normal with variance 2/N_{i−1}, b_i uniform on ±1.

    The biases are not 0, so that the kinks are spread over the data.
    """
    parts = []
    for inputs, outputs in pairwise(architecture):
        parts.append(rng.normal(scale=np.sqrt(2.0 / inputs), size=(*lead, outputs * inputs)))
        parts.append(rng.uniform(-1.0, 1.0, size=(*lead, outputs)))
    return np.concatenate(parts, axis=-1)


def unpack(flat: Array, architecture: Sequence[int]) -> list[tuple[Array, Array]]:
    """Return the layers (W_i, b_i) as views of `flat`, which holds W_1, b_1, W_2, …, each row by row.

    `flat` has shape (n,) or, for B networks at once, (B, n); then so do all layers, (B, N_i, N_{i−1}) and (B, N_i).
    """
    lead = flat.shape[:-1]
    layers, at = [], 0
    for inputs, outputs in pairwise(architecture):
        middle = at + outputs * inputs
        weights = flat[..., at:middle].reshape(*lead, outputs, inputs)
        layers.append((weights, flat[..., middle : middle + outputs]))
        at = middle + outputs
    return layers


def activations(flat: Array, architecture: Sequence[int], features: Array) -> list[Array]:
    """Return each layer's inputs and, last, the outputs of B networks: shapes (B, r, N_i), the first (…, r, d).

    Parameters
    ----------
    flat : (B, n)
    features : (r, d) for all networks, or (B, r, d)

    Guarantee: every product is one matrix product of its own for each network, so that its bits do not depend on
    the other networks in the batch.
    """
    found = [features]
    for index, (weights, biases) in enumerate(unpack(flat, architecture)):
        values = np.matmul(found[-1], weights.transpose(0, 2, 1))
        values += biases[:, None, :]
        if index < len(architecture) - 2:
            np.maximum(values, 0.0, out=values)
        found.append(values)
    return found


def loss_and_gradient(
    flat: Array, architecture: Sequence[int], features: Array, labels: Array
) -> tuple[float, Array]:
    """Return (1/2r) Σ_k (φ(z_k) − label_k)² and its gradient in `flat`, by back-propagation, for one network.

    At a kink the derivative of ReLU is taken to be 0.
    """
    layers = unpack(flat, architecture)
    inputs = [features]
    for weights, biases in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ weights.T + biases, 0.0))
    weights, biases = layers[-1]
    residual = inputs[-1] @ weights.T + biases - labels[:, None]
    gradient = np.empty_like(flat)
    downstream = residual / len(labels)
    for (weights, _), (d_weights, d_biases), values in zip(
        reversed(layers), reversed(unpack(gradient, architecture)), reversed(inputs), strict=True
    ):
        np.matmul(downstream.T, values, out=d_weights)
        downstream.sum(axis=0, out=d_biases)
        downstream = (downstream @ weights) * (values > 0.0)
    return 0.5 * float(np.vdot(residual, residual)) / len(labels), gradient


def gradients(flat: Array, architecture: Sequence[int], inputs: Sequence[Array], downstream: Array) -> Array:
    """Return the gradients, shape (B, n), of B networks by back-propagation.

    Parameters
    ----------
    inputs : sequence of arrays
        What `activations` returned.
    downstream : (B, r, 1)
        The loss's derivative in each output.
    """
    found = np.empty_like(flat)
    ones = np.ones((1, downstream.shape[1]))
    layers, slots = unpack(flat, architecture), unpack(found, architecture)
    for index in range(len(layers) - 1, -1, -1):
        d_weights, d_biases = slots[index]
        np.matmul(downstream.transpose(0, 2, 1), inputs[index], out=d_weights)
        # A product with ones, not a sum: NumPy may add in another order when the batch holds one network.
        d_biases[...] = np.matmul(ones, downstream)[:, 0, :]
        if index:
            downstream = np.matmul(downstream, layers[index][0])
            downstream *= inputs[index] > 0.0
    return found


def jacobians(flat: Array, architecture: Sequence[int], inputs: Sequence[Array]) -> Array:
    """Return the derivative of every output in every weight, shape (B, r, n), of B networks."""
    batch, points = inputs[-1].shape[:2]
    found = np.empty((batch, points, flat.shape[1]))
    layers, slots = unpack(flat, architecture), unpack(found, architecture)
    downstream = np.ones((batch, points, 1))
    for index in range(len(layers) - 1, -1, -1):
        d_weights, d_biases = slots[index]
        np.multiply(downstream[..., :, None], inputs[index][..., None, :], out=d_weights)
        d_biases[...] = downstream
        if index:
            downstream = np.matmul(downstream, layers[index][0])
            downstream *= inputs[index] > 0.0
    return found


@dataclass(frozen=True, eq=False)
class Loss:
    """Half the mean squared error of a network of fixed architecture, as a function of its flat weights.

    Attributes
    ----------
    architecture : tuple of int
        (d, N_1, …, 1).
    features : (r, d) array
    labels : (r,) array
    goal : float
        The largest error over the points that a trainer aims at.
    """

    architecture: tuple[int, ...]
    features: Array
    labels: Array
    goal: float = 0.0

    @property
    def size(self) -> int:
        """The number of weights."""
        return weight_count(self.architecture)

    @property
    def target(self) -> float:
        """A loss that no network with a larger error than the goal has: goal²/2r."""
        return self.goal**2 / (2 * len(self.labels))

    def __call__(self, flat: Array) -> float:
        """Return the loss; infinity where it overflows or is NaN, so that a minimiser never prefers it."""
        return float(self.many(np.asarray(flat, dtype=np.float64)[None, :])[0])

    def many(self, flats: Array) -> Array:
        """Return the losses, shape (B,), of weights of shape (B, n)."""
        with np.errstate(all="ignore"):
            residual = activations(flats, self.architecture, self.features)[-1][:, :, 0] - self.labels
            losses = 0.5 * np.einsum("br,br->b", residual, residual) / len(self.labels)
        return np.where(np.isnan(losses), np.inf, losses)

    def with_gradient(self, flat: Array) -> tuple[float, Array]:
        """Return the loss and its gradient, shape (n,)."""
        return loss_and_gradient(flat, self.architecture, self.features, self.labels)

    def error(self, flat: Array) -> float:
        """Return the largest error over the points, infinity where it is NaN."""
        with np.errstate(all="ignore"):
            return training_error(unpack(flat, self.architecture), self.features, self.labels)
