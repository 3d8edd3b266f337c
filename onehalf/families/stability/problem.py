"""The stability problem (docs/theory.md §5): train on a random sample, then see which perturbations flip it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from onehalf.families.stability.certificate import broken_guarantee, certify_network
from onehalf.families.stability.classifier import Rule, find_rule
from onehalf.families.stability.constructions import CONSTRUCTIONS, least_neurons, stable_network
from onehalf.families.stability.perturbations import Sample, forced_errors
from onehalf.families.training.facts import TrainingFacts
from onehalf.families.training.separation import Separation, check_separation, epsilon
from oracle import networks
from oracle.checks import check_network, number_within, whole_number
from oracle.costs import COSTS, Cost, check_cost, find_cost, place_cost
from oracle.errors import InvalidValue
from oracle.judge import Level, Verdict, judge
from oracle.namespaces import digest_named, place_named
from oracle.networks import Network, check_hidden, pieces
from oracle.numbers import Real
from oracle.problems import Axis, Bound, Certificate, Certified, Index, Input, Problem

_ONLY = "1"
_ANY_DEPTH = 1 << 62


@dataclass(frozen=True, eq=False)
class StabilityFacts(TrainingFacts):
    """What a training algorithm knows: as `TrainingFacts`, its labels those of the training set as drawn.

    There is one input, so nothing has to be told apart. Its witness ρ(x_2)/δ generalises perfectly where there is a
    second feature.

    Attributes
    ----------
    radius : Fraction
        ε(K): f is constant on the ball of this radius around every point of the distribution.
    """

    family: ClassVar[str] = "stability"
    radius: Fraction = Fraction(1)

    @property
    def probe(self) -> tuple[Index, ...]:  # type: ignore[override]
        """The second feature of the first point."""
        return ((0, 1),)

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """The one input."""
        return (Input(_ONLY, self.exponent),)

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input:
        """Return the one input."""
        return self.members[0]


@dataclass(frozen=True)
class Stability(Problem, Certified):
    """Train on points drawn from (a/(k + 1 − κ), δ·label_k, 0, …), k = 1..K; certify what flips the network.

    Parameters
    ----------
    hidden : sequence of int
        (N_1, …, N_{L−1}).
    exponent : int
        e of δ = 2^-e, with δ < ε(K) = ((4K + 3)(4K + 4))^-1.
    a : exact number in [1/2, 1]
        Parameter of f_a(x) = ⌈a/x_1⌉ mod 2, such as "3/4" or "1/sqrt(2)".
    kappa : rational in [1/4, 3/4]
        Place of the points between the jumps of f_a.
    dimension : int
        d ≥ 2.
    support : int, optional
        K, the number of points of the distribution, which is uniform on them; by default 3P(N) + 1.
    training, validation : int
        Points drawn for T and for V, independently.
    data_seed : int
        Seed of the drawing, part of the problem.
    cost : str or Cost
        "max", "mean-absolute", "mean-squared", "cross-entropy", "file.py::name", or a `Cost`.
    tolerance : rational in (0, 1/2)
        ε̂.
    feature : bool
        Whether x_2 = δ·label_k; without the second feature x_2 = 0, in training and validation.
    rule : str
        The monotone g: "threshold" (1 from 1/2 on), "identity", "clip", or "file.py::function".
    free : bool
        Variable dimensions: networks of any architecture are outputs.

    Raises
    ------
    InvalidValue
        If a parameter is out of its range.
    """

    family: ClassVar[str] = "stability"
    policies: ClassVar[tuple[str, ...]] = ("honest",)
    theory: ClassVar[str] = "docs/theory.md, section 5"
    axes: ClassVar[tuple[Axis, ...]] = (Axis("exponent", "e", "δ being 2⁻ᵉ"),)
    story: ClassVar[object] = "onehalf.families.stability.report.story:STORY"
    algorithms: ClassVar[tuple[str, ...]] = ("onehalf.families.stability.algorithm",)
    statement: ClassVar[str] = (
        "Train a ReLU network on a training set T, and certify it on T and a validation set V, both drawn "
        "independently from the K points (a/(k + 1 − κ), δ·label, 0, …), labels f_a(x) = ⌈a/x₁⌉ mod 2, κ in [1/4, "
        "3/4], δ = 2⁻ᵉ below ε = ε(K) = 1/((4K + 3)(4K + 4)), within which f_a is constant around every point. "
        "With A label changes along x₁ among the distinct points and P(N) = Π (N_i + 1) affine pieces at most, one "
        "η of −δ, 0 and +δ in the second coordinate makes at least ⌈2m/3⌉ points wrong, m = ⌈(A − P(N))/2⌉, and "
        "all m where the network is right on every point: inaccurate or unstable, however it was trained. Each "
        "network gets a certificate: the points that η makes wrong, exactly, and the largest box around η on which "
        "they stay wrong."
    )
    lists: ClassVar[tuple[str, ...]] = ("hidden",)
    files: ClassVar[tuple[str, ...]] = ("cost", "rule")

    hidden: tuple[int, ...] = (8,)
    exponent: int = 40
    a: Real | str = "3/4"
    kappa: Fraction | str = "1/2"
    dimension: int = 2
    support: int | None = None
    training: int = 64
    validation: int = 64
    data_seed: int = 1
    cost: str | Cost = "max"
    tolerance: Fraction | str = "1/4"
    feature: bool = True
    rule: str = "threshold"
    free: bool = False
    monotone: Rule = field(init=False, repr=False, compare=False)
    _written: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cost = find_cost(self.cost)
        monotone = find_rule(self.rule)
        self._written.update(a=str(self.a), cost=place_cost(self.cost), rule=place_named(self.rule))
        hidden = check_hidden(self.hidden)
        support = 3 * pieces((self.dimension, *hidden, 1)) + 1 if self.support is None else self.support
        settled = {
            "hidden": hidden,
            "support": support,
            "a": number_within("a", self.a, Fraction(1, 2), Fraction(1), irrational=True),
            "kappa": number_within("kappa", self.kappa, Fraction(1, 4), Fraction(3, 4)),
            "tolerance": number_within("tolerance", self.tolerance, Fraction(0), Fraction(1, 2), strict=True),
            "cost": cost,
            "monotone": monotone,
        }
        if isinstance(settled["a"], Fraction):
            self._written["a"] = str(settled["a"])  # in lowest terms: 0.7 may be a float64 or a decimal
        for name, value in settled.items():
            object.__setattr__(self, name, value)
        whole_number("dimension", self.dimension, 2, "the hidden feature is the second coordinate")
        whole_number("support", support, 2, "a classification problem has points of both labels")
        whole_number("training", self.training, 1, "a network is trained on something")
        whole_number("validation", self.validation, 0, "it counts points")
        whole_number("data_seed", self.data_seed, 0, "it is a seed")
        whole_number("exponent", self.exponent, 1, "δ = 2^-e must be at most 1/2")
        if not Fraction(1, 1 << self.exponent) < epsilon(support):
            raise InvalidValue(
                "exponent",
                self.exponent,
                f"δ = 2^-e must be below ε(K) = {epsilon(support)}",
                f"take {epsilon(support).denominator.bit_length()} or more",
            )
        for name in ("feature", "free"):
            if not isinstance(getattr(self, name), bool):
                raise InvalidValue(name, getattr(self, name), "must be true or false", "write one of them")
        if cost not in COSTS.values():
            check_cost(cost, self.facts.labels.tolist(), self._exact("tolerance"))

    def _exact(self, name: str) -> Fraction:
        value = getattr(self, name)
        assert isinstance(value, Fraction)
        return value

    @property
    def delta(self) -> Fraction:
        """δ."""
        return Fraction(1, 1 << self.exponent)

    @cached_property
    def draws(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The k of T and of V, in the order in which they were drawn (Philox keyed by the data seed)."""
        assert self.support is not None
        rng = np.random.Generator(np.random.Philox(key=self.data_seed))
        both = rng.integers(1, self.support + 1, size=self.training + self.validation).tolist()
        return tuple(both[: self.training]), tuple(both[self.training :])

    @cached_property
    def facts(self) -> StabilityFacts:
        """The public part."""
        assert self.support is not None
        assert isinstance(self.cost, Cost)
        labels = np.array([label_of(k) for k in self.draws[0]], dtype=np.int64)
        labels.setflags(write=False)
        return StabilityFacts(
            labels=labels,
            architecture=(self.dimension, *self.hidden, 1),
            cost=self.cost.name,
            tolerance=self._exact("tolerance"),
            exponent=self.exponent,
            a=number_within("a", self.a, Fraction(1, 2), Fraction(1), irrational=True),
            kappa=self._exact("kappa"),
            free=self.free,
            radius=epsilon(self.support),
        )

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The one input: this training set."""
        return (Input(_ONLY, self.exponent),)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        plain = ("dimension", "support", "training", "validation", "data_seed", "feature")
        return {
            "hidden": list(self.hidden),
            "exponent": self.exponent,
            "a": self._written["a"],
            "kappa": str(self.kappa),
            "cost": self._written["cost"],
            "tolerance": str(self.tolerance),
            **{name: getattr(self, name) for name in plain},
            "rule": self._written["rule"],
            "free": self.free,
        }

    def digest(self) -> str:
        """Return the SHA-256 of the files of a user's cost and monotone g, "" for the standard ones."""
        return digest_named(self._written["cost"], self._written["rule"])

    def value(self, member: Input, index: Index) -> Real:
        """Return x_1 = a/(k + 1 − κ), x_2 = δ·label_k, or 0."""
        k, coordinate = self.draws[0][index[0]], index[1]
        if coordinate == 0:
            return self.place_of(k)
        return self.delta * label_of(k) if coordinate == 1 and self.feature else Fraction(0)

    def place_of(self, k: int) -> Real:
        """Return x_1^k."""
        return self.facts.a / (k + 1 - self.facts.kappa)

    def sensitive(self, index: Index) -> bool:
        """Tell whether inputs differ there: there is one input."""
        return False

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Refuse: the one policy is honest, and shows the truth."""
        raise InvalidValue("oracle", policy, "shows nothing but the truth here", 'take "honest"')

    def bound(self, policy: str) -> Bound:
        """Return that nothing limits success by precision: there is one input."""
        self.check_policy(policy)
        return Bound("", (), _ANY_DEPTH)

    def unlimited(self) -> tuple[str, str]:
        """Return that its theorem is another one, and checked network by network."""
        rule = (
            "has one input and no bound by Theorem 1: its theorem, the instability of docs/theory.md, section 5, is "
            "checked network by network"
        )
        return rule, "run onehalf stability"

    def check_output(self, output: Any) -> Network:
        """Return a member of NN_N (of any architecture if free), or raise `InvalidOutput`."""
        return check_network(output, self.facts.architecture, self.free)

    def judge(self, outputs: Sequence[Network]) -> list[tuple[Verdict, ...]]:
        """Return whether R(φ(T), labels) ≤ ε, exactly."""
        return judge(outputs, (self.level,))

    @cached_property
    def level(self) -> Level:
        """The question that the judge decides."""
        assert isinstance(self.cost, Cost)
        rows, columns = self.facts.shape
        points: NDArray[np.object_] = np.empty((rows, columns), dtype=object)
        for i in range(rows):
            points[i] = [self.value(self.inputs[0], (i, j)) for j in range(columns)]
        return Level(
            points, self.facts.labels, self.cost, self.cost.threshold(self._exact("tolerance"), rows)
        )

    @cached_property
    def sample(self) -> Sample:
        """The distinct points of T ∪ V, by x_1."""
        training, validation = (Counter(draw) for draw in self.draws)
        ks = sorted({*training, *validation}, reverse=True)
        return Sample(
            places=tuple(self.place_of(k) for k in ks),
            labels=tuple(label_of(k) for k in ks),
            training=tuple(training[k] for k in ks),
            validation=tuple(validation[k] for k in ks),
            delta=self.delta,
            radius=self.facts.radius,
            dimension=self.dimension,
            feature=self.feature,
        )

    @cached_property
    def separation(self) -> Separation:
        """The exact check that all points of the distribution, hence T ∪ V, lie in S^f_{ε(K)}."""
        assert self.support is not None
        ks = range(1, self.support + 1)
        ratios = [k + 1 - self._exact("kappa") for k in ks]
        return check_separation(self.facts.a, ratios, [label_of(k) for k in ks])

    @property
    def forced(self) -> int:
        """⌈(A − P(N))/2⌉, at least 0: the errors on a line that Lemma 6 forces in the fixed architecture."""
        return forced_errors(self.sample.changes, self.facts.architecture)

    def stable(self, construction: str = "ramps") -> Network:
        """Return a stable and accurate network for T ∪ V (docs/theory.md §5.3), in exact arithmetic."""
        return stable_network(self.sample, construction)

    def certify(self, output: Network) -> Certificate:
        """Return what is known exactly of a network (docs/stability.md)."""
        return certify_network(output, self.sample, self.monotone)

    def violation(self, certificate: Mapping[str, Any]) -> str:
        """Return in what a certificate contradicts docs/theory.md §5.2."""
        return broken_guarantee(certificate)

    def background(self) -> Certificate:
        """Return what certificates are read against: the data, and the networks that are stable, certified."""
        sample = self.sample
        return {
            "places": [float(x) for x in sample.places],
            "labels": list(sample.labels),
            "delta_exponent": self.exponent,
            "radius": float(sample.radius),
            "changes": sample.changes,
            "separated": self.separation.member,
            "pieces": pieces(self.facts.architecture),
            "least_neurons": [least_neurons(sample.changes, layers) for layers in (1, 2)],
            "stable": {
                name: {"architecture": list(network.architecture), **self.certify(network)}
                for name in CONSTRUCTIONS
                if sample.changes
                for network in (self.stable(name),)
            },
        }

    def encode(self, output: Network) -> bytes:
        """Return bytes that hold a network exactly."""
        return networks.encode(output)

    def decode(self, body: bytes) -> Network:
        """Return the network that `encode` wrote."""
        return networks.decode(body)


def label_of(k: int) -> int:
    """Return f_a(x^k) = (k + 1) mod 2."""
    return (k + 1) % 2
