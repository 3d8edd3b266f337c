"""Images learnt by one pixel: scikit-learn's digits (8 × 8, d = 64), flipped by changing that pixel by δ.

The classification function is f(image) = ⌊(s + 1/2)/8⌋ mod 2, s the sum of all pixels (0 to 16) but the first: eight
consecutive values of the brightness have one class, the next eight the other. The first pixel, which is 0 in all
images, is given the value δ·f(image), δ = 2^-30.

What is claimed, exactly: f is constant on the ball (maximum norm) of radius ε = 1/127 around every image, for s moves
by at most 63ε < 1/2 there, and does not depend on the first pixel; the numbers of images of the training and the
validation set that the trained network classifies wrongly, as they are and with the first pixel changed by −δ and +δ;
and that the stable network ψ, a function of s alone, is equal to f on the whole of every ball. What is not claimed:
that the trained network had to be unstable. Images do not lie on a line, so Lemma 6 does not count their errors; it
does say that no network of one hidden layer with fewer than A − 1 neurons, A the number of class changes along the
brightness, computes the class from s alone.

Run: python examples/digits.py
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

import onehalf as oh

WIDTH, BIN, EPSILON, DELTA = 16, 8, Fraction(1, 127), Fraction(1, 2**30)
SEED = 2


def brightness(images: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return s, the sum of all pixels but the first."""
    total: NDArray[np.int64] = images[:, 1:].sum(axis=1)
    return total


def classes(sums: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return f = ⌊(s + 1/2)/8⌋ mod 2, which for whole s is ⌊s/8⌋ mod 2."""
    return sums // BIN % 2


def train(images: NDArray[np.int64], labels: NDArray[np.int64]) -> oh.Network:
    """Return a trained network, with its scaler folded in, whose value is at least 1/2 where it says 1."""
    points = images.astype(np.float64)
    points[:, 0] = float(DELTA) * labels
    scaler = StandardScaler()
    model = MLPClassifier((WIDTH,), solver="lbfgs", alpha=10.0, max_iter=2000, random_state=SEED)
    model.fit(scaler.fit_transform(points), labels)
    layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
    first = layers[0][0] / scaler.scale_
    # The model says 1 where its logit is at least 0.
    return oh.Network([(first, layers[0][1] - first @ scaler.mean_), (layers[1][0], layers[1][1] + 0.5)])


def errors(network: oh.Network, images: NDArray[np.int64], labels: NDArray[np.int64], sign: int) -> int:
    """Return how many images are wrong once the first pixel is moved by sign·δ, exactly."""
    points = images.astype(object)
    points[:, 0] = [DELTA * (int(label) + sign) for label in labels]
    points = np.array([[Fraction(x) for x in row] for row in points], dtype=object)
    values = oh.values_at(network, points)
    return sum((value >= Fraction(1, 2)) != (label == 1) for value, label in zip(values, labels, strict=True))


def stable(sums: NDArray[np.int64]) -> tuple[oh.Network, int, bool]:
    """Return ψ on images, A, and whether ψ is equal to f on every ball, shown exactly in the coordinate s."""
    places = sorted({int(s) for s in sums})
    line = oh.Sample(
        places=tuple(Fraction(s) for s in places),
        labels=tuple(int(label) for label in classes(np.array(places))),
        training=(1,) * len(places),
        validation=(0,) * len(places),
        delta=DELTA,
        # On the ball of radius ε around an image, s lies within 63ε of its value there, and takes all of these.
        radius=63 * EPSILON,
    )
    psi = oh.stable_network(line)
    found = oh.certify_stable(psi, line)
    assert found is not None
    (w, b), *rest = psi.exact_layers()
    wide = np.full((len(b), 64), Fraction(0), dtype=object)
    wide[:, 1:] = w[:, :1]
    return oh.Network([(wide, b), *rest]), line.changes, found.equal


def main() -> None:
    """Train on half of the digits, validate on the other half, and print what holds exactly."""
    images = load_digits().data.astype(np.int64)
    assert not images[:, 0].any()
    labels = classes(brightness(images))
    halves = train_test_split(images, labels, test_size=0.5, random_state=SEED)
    network = train(halves[0], halves[2])
    psi, changes, equal = stable(brightness(images))
    print(f"{len(images)} images, A = {changes} class changes along the brightness, δ = 2^-30, ε = {EPSILON}")
    for name, found in (
        (f"trained, {WIDTH} hidden neurons", network),
        (f"ψ, {psi.architecture[1]} hidden neurons", psi),
    ):
        print(name)
        for part, x, y in (("training", halves[0], halves[2]), ("validation", halves[1], halves[3])):
            still, down, up = (errors(found, x, y, sign) for sign in (0, -1, 1))
            print(f"  {part}, {len(y)} images: {still} wrong; first pixel − δ: {down} wrong; + δ: {up} wrong")
    print(f"ψ is equal to f on the whole ball of radius ε around every image: {equal}")


if __name__ == "__main__":
    main()
