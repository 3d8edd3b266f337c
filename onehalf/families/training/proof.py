"""Why the bound holds on training problems: the labels alternate more often than a network can, and mirage is legal."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from onehalf.families.training.facts import TrainingFacts
from onehalf.families.training.forcing import forcing
from onehalf.families.training.separation import check_separation, ratio_of
from oracle.checks import Step
from oracle.judge import Level
from oracle.networks import pieces
from oracle.numbers import Real


def alternation(facts: TrainingFacts, places: Sequence[Real], level: Level) -> Iterator[Step]:
    """Yield why no network is accepted on ι¹ and ι².

    Parameters
    ----------
    places : sequence of exact numbers
        x_1 of every point.
    level : Level
        What the judge decides on ι¹.
    """
    labels, architecture = facts.labels.tolist(), facts.architecture
    changes = sum(a != b for a, b in itertools.pairwise(labels))
    most = pieces(architecture)
    yield Step(
        "Labels",
        f"The {len(labels)} labels alternate: {changes} changes along x_1.",
        changes == len(labels) - 1,
    )
    ratios = [ratio_of(facts.a, place) for place in places]
    found = check_separation(facts.a, ratios, labels)
    yield Step(
        "The function",
        f"The labels are f_a's at these points, which are well separated: each lies further than {found.epsilon} from "
        "every jump of f_a.",
        found.member,
    )
    yield Step(
        "Pieces (Lemma 4)",
        f"A network of architecture {'-'.join(map(str, architecture))} has at most P(N) = {most} affine pieces on a "
        "line.",
        most == _product(architecture[1:-1]),
    )
    yield Step("Tolerance", f"The tolerance {facts.tolerance} is below 1/2.", 0 < 2 * facts.tolerance < 1)
    yield forcing(level.cost, level.labels.tolist(), facts.tolerance)
    yield Step(
        "Exclusion (Lemma 5)",
        "A network accepted on ι¹ and ι² would be within the tolerance of every label on the line x_2 = 0 (from ι¹ "
        f"where the label is 0, from ι² where it is 1), so φ − 1/2 would change sign {changes} times there. That takes "
        f"at least {changes} pieces, and there are {most}: {changes} > {most}.",
        changes > most,
    )


def _product(widths: Sequence[int]) -> int:
    """Return Π (N_i + 1) by repeated addition of pieces: each neuron adds one to each piece it finds."""
    total = 1
    for width in widths:
        total += total * width
    return total


def mirage(exponent: int, shown: Callable[[int, int], Fraction]) -> Step:
    """Return why 2^-n·label is legal at every n ≤ e, where every truth is 0 or 2^-e.

    Parameters
    ----------
    shown : callable
        What is shown to the second feature of a point, by its number from 0 and n.
    """
    tried = (0, exponent // 2, exponent)
    return Step(
        "All precisions",
        f"For every n ≤ {exponent} the answer is 0 or 2^-n, by the label alone, on all inputs alike; truth and answer "
        f"both lie in [0, 2^-n], since no truth is above 2^-{exponent} ≤ 2^-n, and so they differ by at most 2^-n.",
        all(shown(k, n) in (0, Fraction(1, 1 << n)) for k in (0, 1) for n in tried),
    )
