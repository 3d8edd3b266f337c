"""The published configuration of the instability experiment: perfect and unstable with x_2, inaccurate without.

Data as in Bastounis, Hansen, Vlačić, "The mathematics of adversarial attacks in AI" (arXiv:2109.06098): a = 20, K = 26,
ε = 10^-2, δ = 10^-3; 8,000 points with x_1 uniform in (a/(k + 1) + ε, a/k − ε), k = a..K, scaled by nothing, and
x_2 = δ·f_a(x), f_a(x) = ⌈a/x_1⌉ mod 2; one hidden layer of width 4K; Adam on minibatches.

What is claimed, exactly: the numbers of points that the two trained networks classify wrongly, as they are and moved
by η = −δe_2 and +δe_2; that six of the flipped points stay wrong on a box of perturbations; and that the stable
network ψ is equal to f_a on the whole ball (maximum norm) of radius ε around every one of the 8,000 points. What is not
claimed: that training had to end so. Here P(N) = 4K + 1 = 105 is larger than the number of label changes, A = 6: ψ, of
width 12, is itself a member of NN_N, and the theorem does not force the instability that training finds.

Run: python examples/published_configuration.py [--points N]
"""

from __future__ import annotations

import argparse
import math
import warnings
from fractions import Fraction

import numpy as np
from sklearn.neural_network import MLPClassifier

import onehalf as oh
from onehalf.families.stability.perturbations import forced_errors
from oracle.networks import pieces

A, K, EPSILON, DELTA = 20, 26, Fraction(1, 100), Fraction(1, 1000)
EPOCHS, BATCH, STEP = 15, 50, 0.01
# Points whose box of perturbations is computed: exact, and so at some cost for each.
BOXES = 6


def draw(points: int, seed: int) -> oh.Sample:
    """Return the data: x_1 in float64, taken as the rationals that they are, distinct and in order."""
    rng = np.random.default_rng(seed)
    ks = rng.integers(A, K + 1, points)
    first = rng.uniform(A / (ks + 1) + float(EPSILON), A / ks - float(EPSILON))
    places = [Fraction(x) for x in sorted(set(first.tolist()))]
    labels = [-(-Fraction(A) // x) % 2 for x in places]
    return oh.Sample(
        places=tuple(places),
        labels=tuple(int(label) for label in labels),
        training=(1,) * len(places),
        validation=(0,) * len(places),
        delta=DELTA,
        radius=EPSILON,
    )


def train(sample: oh.Sample, feature: bool, seed: int) -> oh.Network:
    """Return a trained network of width 4K whose value is at least 1/2 where it says 1."""
    points = sample.level(0).points.astype(np.float64)
    points[:, 1] *= feature
    model = MLPClassifier(
        (4 * K,),
        alpha=0.0,
        learning_rate_init=STEP,
        batch_size=BATCH,
        max_iter=EPOCHS,
        tol=0.0,
        n_iter_no_change=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # The number of epochs is part of the configuration: that training could go on is known.
        warnings.simplefilter("ignore")
        model.fit(points, sample.labels)
    layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
    # The model says 1 where its logit is at least 0.
    layers[-1] = (layers[-1][0], layers[-1][1] + 0.5)
    return oh.Network(layers)


def describe(name: str, network: oh.Network, sample: oh.Sample) -> None:
    """Print a network's exact certificate."""
    points = len(sample.places)
    wrong = oh.wrong_sets(network, sample)
    print(f"{name}: {points - len(wrong[0])} of {points} points right ({1 - len(wrong[0]) / points:.2%})")
    for sign, eta in ((-1, "−δ"), (1, "+δ")):
        print(f"  all moved by {eta} in x_2: {len(wrong[sign])} wrong ({len(wrong[sign]) / points:.2%})")
    flipped = [k for k in wrong[-1] if k not in set(wrong[0])]
    if flipped:
        few = flipped[:: max(1, len(flipped) // BOXES)][:BOXES]
        # Rounded down: what is printed is certified.
        tau = math.floor(min(oh.certified_radii(network, sample, -1, few)) * 100) / 100
        print(
            f"  of the {len(flipped)} points that −δ flips, {len(few)} spread over them were examined further: all of "
            f"these stay wrong under every perturbation closer to (0, −δ) than {tau:.2f} ε in x_1 and {tau:.2f} δ in "
            "x_2; of the others nothing further is claimed"
        )


def theorem(sample: oh.Sample) -> str:
    """Say what the instability theorem gives for these data and this width, and what is measured beside it."""
    architecture = (sample.dimension, 4 * K, 1)
    most, least = pieces(architecture), forced_errors(sample.changes, architecture)
    gives = (
        f"The theorem forces {least} errors here: the data change label {sample.changes} times, more often than the "
        f"{most} pieces that such a network has on a line"
        if least
        else f"The theorem forces nothing here: such a network has up to {most} pieces on a line, and "
        f"{sample.changes} label changes need no more than {sample.changes}"
    )
    return (
        f"{gives}. What follows is measured on two trained networks: the contrast of the published study is observed, "
        "not proved, though each count below is exact."
    )


def main() -> None:
    """Train with and without the second feature, and print what holds exactly."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sample = draw(options.points, options.seed)
    print(
        f"a = {A}, K = {K}, ε = {EPSILON}, δ = {DELTA}, {len(sample.places)} points, {sample.changes} label changes "
        f"along x_1, one hidden layer of width {4 * K}"
    )
    print(theorem(sample))
    describe("trained with x_2", train(sample, True, options.seed), sample)
    describe("trained without x_2", train(sample, False, options.seed), sample)
    psi = oh.stable_network(sample)
    found = oh.certify_stable(psi, sample)
    assert found is not None
    print(f"ψ, {psi.architecture[1]} hidden neurons: equal to f on every ball of radius ε: {found.equal}")


if __name__ == "__main__":
    main()
