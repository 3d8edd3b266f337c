"""The phase transition for networks that are trained to solve programs (docs/problems.md, d)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from onehalf.families.stated.programs import phase_transition
from oracle.arithmetic.effort import BUDGET, quadratic_cost
from oracle.arithmetic.linear_algebra import Vector
from oracle.checks import Step, check_network, whole_number
from oracle.errors import InvalidOutput
from oracle.instances.answers import point_of
from oracle.instances.problem import InstanceProblem
from oracle.instances.public import InstanceFacts
from oracle.instances.registration import USUAL, stated_family
from oracle.instances.solutions import Boxes
from oracle.instances.stated import Instances
from oracle.judge import TOO_LARGE, Verdict, judge_point
from oracle.networks import Network, decode, encode
from oracle.numbers import longest_part

Networks = tuple[Network, ...]
_HERE = "docs/problems.md, d"


@dataclass(frozen=True, kw_only=True)
class NetworkFacts(InstanceFacts):
    """What an algorithm knows: the training inputs, too.

    Attributes
    ----------
    training : tuple of Fraction
        τ_1, …, τ_R, in (0, 1], the last 1; the targets are τ·x, x the solution.
    """

    training: Vector

    def ballot(self, output: Any, read: Callable[[], Any]) -> Any:
        """Return the place of the largest value at τ = 1."""
        networks = [x for x in output if isinstance(x, Network)]
        return super().ballot(_values(networks, Fraction(1)) if networks else output, read)


class NetworkRecovery(InstanceProblem):
    """Instances whose answers are ReLU networks φ with φ(τ) ≈ τ·x at given τ, x a solution; a point x means ρ(τ)x.

    A network from R to R^N is given as N networks from R to R, side by side. It is right on an input where some
    solution x has ‖φ(τ_k) − τ_k x‖ ≤ 10^-K for all k. As τ = 1 is one of them φ(1) is then right as a point, and for
    each point x, ρ(τ)x is right wherever x is: sets of inputs with a common answer, hence the value, are those of
    points, for every architecture with hidden units.
    """

    referee = ""

    @cached_property
    def facts(self) -> InstanceFacts:
        """The public part."""
        shown = super().facts
        told = {name: getattr(shown, name) for name in shown.__dataclass_fields__}
        return NetworkFacts(**told, training=self.training)

    @property
    def training(self) -> Vector:
        """τ_1, …, τ_R."""
        number: int = self.parameters()["targets"]
        return tuple(Fraction(k, number) for k in range(1, number + 1))

    def exclusion(self) -> Iterator[Step]:
        """Yield what is proved of points, and why it holds of networks."""
        yield from super().exclusion()
        words = (
            "A network that is right on an input is right as the point φ(1) there, as τ = 1 is a training input, and "
            "ρ(τ)x is right where the point x is: networks have the common answers that points have."
        )
        yield Step("Networks", words, self.training[-1] == 1 and self.training[0] > 0)

    def check_output(self, output: Any) -> Networks:
        """Return N networks from R to R, for a point x those of ρ(τ)x_i, or raise `InvalidOutput`."""
        size = len(self.stated.solutions[0].witness)  # type: ignore[arg-type]
        if not isinstance(output, list | tuple) or not any(isinstance(each, Network) for each in output):
            return tuple(_ray(x) for x in point_of(output, size))
        if len(output) != size:
            raise InvalidOutput(f"{len(output)} networks: return {size}, one for each coordinate")
        return tuple(check_network(each, (1, 1, 1), free=True) for each in output)

    def judge(self, outputs: Sequence[Any]) -> list[tuple[Verdict, ...]]:
        """Return exact verdicts."""
        return [self._verdicts(output) for output in outputs]

    def encode(self, output: Any) -> bytes:
        """Return networks as bytes: the length of each, and the network."""
        bodies = [encode(each) for each in output]
        return b"".join(len(body).to_bytes(8, "big") + body for body in bodies)

    def decode(self, body: bytes) -> Any:
        """Return what `encode` wrote."""
        found, at = [], 0
        while at < len(body):
            end = at + 8 + int.from_bytes(body[at : at + 8], "big")
            found.append(decode(body[at + 8 : end]))
            at = end
        return tuple(found)

    def _verdicts(self, networks: Networks) -> tuple[Verdict, ...]:
        entries = [x for each in networks for w, b in each.exact_layers() for x in (*w.ravel(), *b)]
        longest = max(map(longest_part, entries)) * 2 * max(len(each.layers) for each in networks)
        if len(entries) * len(self.training) * quadratic_cost(longest, longest) > BUDGET:
            return tuple(TOO_LARGE for _ in self.inputs)
        made = [(tau, _values(networks, tau)) for tau in self.training]
        return tuple(self._worst(made, found) for found in self.stated.right)

    def _worst(self, made: Sequence[tuple[Fraction, Vector]], found: Any) -> Verdict:
        assert isinstance(found, Boxes), "programs have one minimiser"
        x, radius = found.witness, self.stated.radius
        each = [judge_point(values, tuple(tau * v for v in x), radius) for tau, values in made]
        return min(each, key=lambda verdict: (verdict.kind == "accepted", verdict.margin))


def _ray(x: Fraction) -> Network:
    """Return ρ(τ)x."""
    one, slope, zero = (np.array(value, dtype=object) for value in ([[Fraction(1)]], [[x]], [Fraction(0)]))
    return Network([(one, zero), (slope, zero)])


def _values(networks: Sequence[Network], tau: Fraction) -> Vector:
    """Return the values of networks at a number, exactly."""
    at = np.array([[tau]], dtype=object)
    return tuple(Fraction(each(at)[0]) for each in networks)


def _network_transition(exponent: int = 53, digits: int = 4, scale: int = 4, targets: int = 3) -> Instances:
    """Networks that solve the two programs of the phase transition, for right-hand sides τ·y: R of them are given.

    Training inputs are τ = 1/R, 2/R, …, 1, and targets τ times the minimiser, known as the program is. A network from R
    to R⁴ is right where it is within 10^-K of all targets. With K = scale digits no algorithm that reads no further is
    right with probability above 1/4, with scale − 1 above 1/2, and scale − 2 digits can be had from no digit at all;
    whatever the architecture, if it has hidden units. A network is returned as four networks from R to R, side by side;
    an algorithm may return the minimiser x instead, which stands for ρ(τ)x.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    scale : int
        Where the transition is.
    targets : int
        R, the number of training inputs.
    """
    whole_number("targets", targets, 1, "one training input is 1")
    stated: Instances = phase_transition.function(exponent=exponent, digits=digits, scale=scale)
    return stated


_network_transition.__name__ = _network_transition.__qualname__ = "network_transition"
network_transition = stated_family(
    "network-transition",
    _network_transition,
    axes=USUAL,
    outputs="networks",
    theory=_HERE,
    base=NetworkRecovery,
)
