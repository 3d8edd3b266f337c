"""The training problem (docs/theory.md §4): alternating labels and a second feature of size δ = 2^-e."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from onehalf.families.training.facts import FEATURE, TrainingFacts
from onehalf.families.training.proof import alternation, mirage
from oracle import networks
from oracle.checks import Step, check_network, number_within, whole_number
from oracle.costs import COSTS, Cost, check_cost, find_cost, place_cost
from oracle.errors import InvalidValue
from oracle.judge import Level, Verdict, judge
from oracle.namespaces import digest_named
from oracle.networks import Network, check_hidden, pieces
from oracle.numbers import Real, parse_real
from oracle.problems import Bound, Index, Input, Problem, remade


@dataclass(frozen=True)
class AlternatingTraining(Problem):
    """Train a ReLU network on r points with alternating labels, the second feature read inexactly.

    Parameters
    ----------
    hidden : sequence of int
        (N_1, …, N_{L−1}).
    exponent : int
        e ≥ 1 of δ = 2^-e.
    a : exact number in [1/2, 1]
        Parameter of f_a(x) = ⌈a/x_1⌉ mod 2, such as "3/4" or "1/sqrt(2)".
    kappa : rational in [1/4, 3/4]
        Place of the points between the jumps of f_a.
    dimension : int
        d ≥ 2.
    points : int, optional
        r; by default 3P(N) + 1, at least P(N) + 2.
    cost : str or Cost
        "max", "mean-absolute", "mean-squared", "cross-entropy", "file.py::name", or a `Cost`.
    tolerance : rational in (0, 1/2)
        ε̂.
    free : bool
        Variable dimensions: networks of any architecture are outputs, and one serves every input.
    limit : bool
        Whether the limit ι⁰ is a member (maximum error only).

    Raises
    ------
    InvalidValue
        If a parameter is out of its range.
    """

    family: ClassVar[str] = "training"
    policies: ClassVar[tuple[str, ...]] = ("honest", "blind", "decoy", "mirage", "midpoint")
    theory: ClassVar[str] = "docs/theory.md, section 4"
    constant: ClassVar[tuple[str, ...]] = ("blind", "decoy", "midpoint")
    algorithms: ClassVar[tuple[str, ...]] = ("onehalf.families.training.interpolant",)
    referee: ClassVar[str] = "training"
    outputs: ClassVar[str] = "networks"
    statement: ClassVar[str] = (
        "Train a ReLU network of architecture N = (d, N₁, …, 1), its hidden layers of the widths given, on r "
        "points with labels 0 and 1. The labels are those of f_a(x) = ⌈a/x₁⌉ mod 2; the points have x₁ = a/(k + 1 "
        "− κ), k = 1, …, r, where κ in [1/4, 3/4] places each between two jumps of f_a, so that labels alternate, "
        "and r is above the number P(N) = Π (N_i + 1) of affine pieces that a network of the architecture has on a "
        "line at most (by default r = 3P(N) + 1). The second coordinate is read inexactly: with δ = 2⁻ᵉ it is "
        "δ·label on ι¹, δ·(1 − label) on ι², and 0 on the limit ι⁰; all others are 0. An output is accepted on an "
        "input if its cost there is within ε of the least possible (0 on ι¹ and on ι²); ε is the largest threshold "
        "that keeps every value within the tolerance ε̂ < 1/2 of its label: ε̂ for the maximum error, ε̂/r for the "
        "mean absolute error, ε̂²/r for the mean squared error, and −log(1 − ε̂)/r for the cross-entropy −(1/r) Σ "
        "log ψ_k, ψ_k the value where the label is 1 and 1 minus it where it is 0. Networks with cost 0 exist, "
        "x₂/δ on ι¹ and 1 − x₂/δ on ι² (behind a ReLU); no network of the architecture is accepted on both; where "
        "the dimensions are free, one is."
    )
    lists: ClassVar[tuple[str, ...]] = ("hidden",)
    files: ClassVar[tuple[str, ...]] = ("cost",)

    hidden: tuple[int, ...] = (8,)
    exponent: int = 53
    a: Real | str = "3/4"
    kappa: Fraction | str = "1/2"
    dimension: int = 2
    points: int | None = None
    cost: str | Cost = "max"
    tolerance: Fraction | str = "1/4"
    free: bool = False
    limit: bool = False
    _written: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cost = find_cost(self.cost)
        self._written.update(a=str(self.a), cost=place_cost(self.cost))
        hidden = check_hidden(self.hidden)
        pieces_ = pieces((self.dimension, *hidden, 1))
        settled = {
            "hidden": hidden,
            "a": number_within("a", self.a, Fraction(1, 2), Fraction(1), irrational=True),
            "kappa": number_within("kappa", self.kappa, Fraction(1, 4), Fraction(3, 4)),
            "tolerance": number_within("tolerance", self.tolerance, Fraction(0), Fraction(1, 2), strict=True),
            "cost": cost,
            "points": 3 * pieces_ + 1 if self.points is None else self.points,
        }
        if isinstance(settled["a"], Fraction):
            self._written["a"] = str(settled["a"])  # in lowest terms: 0.7 may be a float64 or a decimal
        for name, value in settled.items():
            object.__setattr__(self, name, value)
        whole_number("exponent", self.exponent, 1, "δ = 2^-e must be at most 1/2")
        whole_number("dimension", self.dimension, 2, "the hidden feature is the second coordinate")
        whole_number(
            "points",
            settled["points"],
            pieces_ + 2,
            f"with fewer than P(N) + 2 points (P(N) = {pieces_}) one network can serve both inputs (Lemma 5)",
        )
        for name, flag in (("free", self.free), ("limit", self.limit)):
            if not isinstance(flag, bool):
                raise InvalidValue(name, flag, "must be true or false", "write one of them")
        if self.limit and cost is not COSTS["max"]:
            raise InvalidValue(
                "limit", True, "the infimum on ι⁰ is known for the maximum error only", 'take cost = "max"'
            )
        if cost not in COSTS.values():
            check_cost(self._cost, self.facts.labels.tolist(), self._tolerance)

    @property
    def _cost(self) -> Cost:
        assert isinstance(self.cost, Cost)
        return self.cost

    @property
    def _tolerance(self) -> Fraction:
        assert isinstance(self.tolerance, Fraction)
        return self.tolerance

    @cached_property
    def facts(self) -> TrainingFacts:
        """The public part."""
        assert self.points is not None
        assert isinstance(self.kappa, Fraction)
        labels = np.arange(2, self.points + 2, dtype=np.int64) % 2
        labels.setflags(write=False)
        return TrainingFacts(
            labels=labels,
            architecture=(self.dimension, *self.hidden, 1),
            cost=self._cost.name,
            tolerance=self._tolerance,
            exponent=None if self.limit else self.exponent,
            a=parse_real(self.a),
            kappa=self.kappa,
            free=self.free,
        )

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """ι¹, ι² and, where it is a member, ι⁰."""
        pair = Input("1", self.exponent), Input("2", self.exponent)
        return (*pair, Input("0", None)) if self.limit else pair

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {
            "hidden": list(self.hidden),
            "exponent": self.exponent,
            "a": self._written["a"],
            "kappa": str(self.kappa),
            "dimension": self.dimension,
            "points": self.points,
            "cost": self._written["cost"],
            "tolerance": str(self.tolerance),
            "free": self.free,
            "limit": self.limit,
        }

    def digest(self) -> str:
        """Return the SHA-256 of the file of a user's cost, "" for the standard ones."""
        return digest_named(self._written["cost"])

    def value(self, member: Input, index: Index) -> Real:
        """Return x_1^k = a/(k + 1 − κ), the second feature of the input, or 0."""
        k, coordinate = index
        if coordinate == 0:
            return self.facts.a / (k + 2 - self.facts.kappa)
        if coordinate != FEATURE or member.exponent is None:
            return Fraction(0)
        carries = self._label(k) == (1 if member.name == "1" else 0)
        return Fraction(1, 1 << member.exponent) if carries else Fraction(0)

    def sensitive(self, index: Index) -> bool:
        """Tell whether the entry is a second feature."""
        return index[1] == FEATURE

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return 0 (blind), δ·label (decoy), 2^-bits·label (mirage) or δ/2 (midpoint)."""
        if policy == "midpoint":
            return Fraction(1, 1 << (self.exponent + 1))
        if policy == "blind" or not self._label(index[0]):
            return Fraction(0)
        return Fraction(1, 1 << (self.exponent if policy == "decoy" else bits))

    def bound(self, policy: str) -> Bound:
        """Return Theorem 1 with k = 2, Theorem 2 where ι⁰ is a member, none with variable dimensions.

        Adversarial policies couple to depth e, the midpoint δ/2 of 0 and δ to e + 1, deeper than which no legal
        oracles do. The nearest multiple of 2^-n to δ is 0 while n < e (at
        n = e − 1 the tie goes to the even 0), so honest oracles couple to depth e − 1.
        """
        self.check_policy(policy)
        depth = self.exponent + {"honest": -1, "midpoint": 1}.get(policy, 0)
        if self.free:
            return Bound("", (), depth)
        return Bound("2", ("1", "2"), depth, "0") if self.limit else Bound("1", ("1", "2"), depth)

    def with_limit(self) -> Problem:
        """Return the problem with the limit ι⁰ as a member."""
        return remade(self, limit=True)

    def in_coq(self, policy: str) -> str:
        """Return the bound against a policy as text of a Coq file, with its proof."""
        from onehalf.families.training.coq import bound_in_coq  # texts that no trial needs

        return bound_in_coq(self.parameters(), policy.capitalize(), self.bound(policy).depth)

    def exclusion(self) -> Iterator[Step]:
        """Yield why no network is accepted on ι¹ and ι²: Lemmas 4 and 5, and the cost's own inequality."""
        places = [self.value(self.inputs[0], (k, 0)) for k in range(len(self.facts.labels))]
        yield from alternation(self.facts, places, self.levels[0])

    def between(self, policy: str) -> Iterator[Step]:
        """Yield why mirage is legal at every precision."""
        if policy == "mirage":
            yield mirage(self.exponent, lambda k, bits: self.shown(policy, (k, FEATURE), bits))

    def check_policy(self, policy: str) -> str:
        """Return the policy's name, or raise `InvalidValue`; what shows δ on ι⁰ would betray e (Remark 2b)."""
        if self.limit and policy in ("decoy", "midpoint"):
            raise InvalidValue(
                "oracle",
                policy,
                "shows δ on ι⁰ too, and so betrays e (Remark 2b)",
                "take blind, mirage or honest",
            )
        return super().check_policy(policy)

    def check_output(self, output: Any) -> Network:
        """Return a member of NN_N (of any architecture if free), or raise `InvalidOutput`."""
        return check_network(output, self.facts.architecture, self.free)

    def judge(self, outputs: Sequence[Network]) -> list[tuple[Verdict, ...]]:
        """Return whether R(φ(T), labels) ≤ inf R + ε on each input, exactly."""
        return judge(outputs, self.levels)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The question that the judge decides on each input."""
        labels = self.facts.labels
        epsilon = self._cost.threshold(self._tolerance, len(labels))
        infimum = {name: Fraction(0) for name in "12"} | {"0": Fraction(1, 2)}
        return tuple(
            Level(self.points_of(m), labels, self._cost, infimum[m.name] + epsilon) for m in self.inputs
        )

    def points_of(self, member: Input) -> NDArray[np.object_]:
        """Return the exact points of an input, shape (r, d), dtype object."""
        rows, columns = self.facts.shape
        table = np.empty((rows, columns), dtype=object)
        for k in range(rows):
            table[k] = [self.value(member, (k, j)) for j in range(columns)]
        return table

    def encode(self, output: Network) -> bytes:
        """Return bytes that hold a network exactly."""
        return networks.encode(output)

    def decode(self, body: bytes) -> Network:
        """Return the network that `encode` wrote."""
        return networks.decode(body)

    @staticmethod
    def _label(k: int) -> int:
        """Return f_a at point k counted from 0, which is x^(k+1)."""
        return k % 2
