"""A family of problems in one file: basis pursuit, the minimiser of |x_1| + |x_2| subject to a_1 x_1 + a_2 x_2 = y.

The matrix A = (a_1, a_2) can be read only inexactly, and is (1 + δ, 1) or (1, 1 + δ), δ = 2^-gap. The larger entry is
where x is cheapest: the minimiser is (y/(1 + δ), 0) or (0, y/(1 + δ)), and nothing less than reading to the last
digit of δ tells which. Two of them are y/(1 + δ) apart, so no x is within `radius` of both where 2·radius is less.

    onehalf check examples/basis_pursuit.py
    onehalf prove "examples/basis_pursuit.py[gap=30]" --oracle decoy
    onehalf run examples/basis_pursuit.py --oracle blind decoy honest --trials 100
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import onehalf as oh

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class PursuitFacts(oh.Facts):
    """What a solver knows: y and the gap; the matrix, shape (1, 2), is what it must ask for."""

    family: ClassVar[str] = "basis-pursuit"
    y: Fraction
    gap: int
    shape: tuple[int, int] = (1, 2)
    magnitude: int = 1
    probe: tuple[tuple[int, int], ...] = ((0, 0), (0, 1))

    @property
    def members(self) -> tuple[oh.Input, ...]:
        """Both inputs: the first has the larger a_1, the second the larger a_2."""
        return oh.Input("1", self.gap), oh.Input("2", self.gap)

    def matrix(self, member: oh.Input) -> Point:
        """Return (a_1, a_2)."""
        larger = 1 + Fraction(1, 2**self.gap)
        return (larger, Fraction(1)) if member.name == "1" else (Fraction(1), larger)

    def minimiser(self, a: Sequence[Fraction]) -> Point:
        """Return the minimiser for a matrix with positive entries, one of two where they are equal."""
        return (self.y / a[0], Fraction(0)) if a[0] > a[1] else (Fraction(0), self.y / a[1])

    def witness(self, member: oh.Input) -> Point:
        """Return the minimiser of an input."""
        return self.minimiser(self.matrix(member))

    def recognise(self, answers: Sequence[Fraction], bits: int) -> oh.Input | None:
        """Return the only input whose matrix is within 2^-bits of the answers."""
        radius = Fraction(1, 2**bits)
        apart = {
            m: max(abs(a - q) for a, q in zip(self.matrix(m), answers, strict=True)) for m in self.members
        }
        near = [member for member in self.members if apart[member] <= radius]
        return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class BasisPursuit(oh.Problem):
    """Minimise |x_1| + |x_2| subject to Ax = y, where A is (1 + δ, 1) or (1, 1 + δ).

    Parameters
    ----------
    y : positive rational
        The right-hand side.
    radius : positive rational
        An output is accepted where no coordinate is further from the minimiser's.
    gap : int
        At least 1; δ is 2^-gap.
    """

    family: ClassVar[str] = "basis-pursuit"
    policies: ClassVar[tuple[str, ...]] = ("honest", "blind", "decoy")
    constant: ClassVar[tuple[str, ...]] = ("blind", "decoy")
    axes: ClassVar[tuple[oh.Axis, ...]] = (oh.Axis("gap", "g", "the matrices differing by 2⁻ᵍ"),)
    outputs: ClassVar[str] = "minimisers"

    y: Fraction | str = "1"
    radius: Fraction | str = "1/10"
    gap: int = 53

    def __post_init__(self) -> None:
        low, high = Fraction(1, 10**6), Fraction(10**6)
        for name in ("y", "radius"):
            object.__setattr__(self, name, oh.number_within(name, getattr(self, name), low, high))
        oh.whole_number("gap", self.gap, 1, "δ = 2^-gap is at most 1/2")

    @property
    def facts(self) -> PursuitFacts:
        """The public part."""
        return PursuitFacts(Fraction(self.y), self.gap)

    @property
    def inputs(self) -> tuple[oh.Input, ...]:
        """Both inputs."""
        return self.facts.members

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {"y": str(self.y), "radius": str(self.radius), "gap": self.gap}

    def value(self, member: oh.Input, index: tuple[int, int]) -> Fraction:
        """Return an entry of the matrix."""
        return self.facts.matrix(member)[index[1]]

    def sensitive(self, index: tuple[int, int]) -> bool:
        """Tell that both entries differ."""
        return True

    def shown(self, policy: str, index: tuple[int, int], bits: int) -> Fraction:
        """Return (1, 1), in which nothing is larger, or (decoy) the matrix of the first input."""
        return Fraction(1) if policy == "blind" else self.value(self.inputs[0], index)

    def bound(self, policy: str) -> oh.Bound:
        """Return Theorem 1 where no x is near both minimisers.

        1 and 1 + δ are δ apart: each is a legal answer for the other up to n = gap. The nearest multiple of 2^-n to
        1 + δ is 1 up to n = gap − 1, where the tie goes to the even multiple.
        """
        self.check_policy(policy)
        depth = self.gap - 1 if policy == "honest" else self.gap
        return oh.Bound("1", ("1", "2"), depth) if self._apart > 0 else oh.Bound("", (), depth)

    def exclusion(self) -> Iterator[oh.Step]:
        """Yield why no x is within the radius of both minimisers."""
        far = oh.short(self.facts.witness(self.inputs[0])[0])
        words = f"The minimisers are {far} apart, and x must be within {self.radius} of one: 2·{self.radius} < {far}."
        yield oh.Step("Exclusion", words, self._apart > 0)

    def check_output(self, output: Any) -> Point:
        """Return a point of the plane."""
        try:
            first, second = (oh.exact_fraction(x) for x in output)
        except (TypeError, ValueError, OverflowError) as error:
            raise oh.InvalidOutput(f"output {output!r}: return the two coordinates of x ({error})") from error
        return first, second

    def judge(self, outputs: Sequence[Point]) -> list[tuple[oh.Verdict, ...]]:
        """Return whether ‖x − x*‖_∞ ≤ radius on each input, in rational arithmetic."""
        best = [self.facts.witness(member) for member in self.inputs]
        return [tuple(self._verdict(x, b) for b in best) for x in outputs]

    def encode(self, output: Point) -> bytes:
        """Return the coordinates as fraction text."""
        return oh.encode_point(output)

    def decode(self, body: bytes) -> Point:
        """Return the point that `encode` wrote."""
        return oh.decode_point(body)

    @property
    def _apart(self) -> Fraction:
        """By how much the minimisers are further apart than two radii."""
        return self.facts.witness(self.inputs[0])[0] - 2 * Fraction(self.radius)

    def _verdict(self, x: Point, best: Point) -> oh.Verdict:
        margin = Fraction(self.radius) - max(abs(a - b) for a, b in zip(x, best, strict=True))
        return oh.Verdict("accepted" if margin >= 0 else "rejected", oh.to_float(margin))


@oh.algorithm("pursuit", role="solver", families=["basis-pursuit"])
def pursuit(task: oh.Task, rng: Any, *, bits: int = 53) -> oh.Claim:
    """Give the minimiser of the matrix as read, exactly; where its entries are equal, toss a coin.

    Parameters
    ----------
    bits : int
        Binary digits read of each entry.
    """
    a = list(task.read_exact(bits)[0])
    if a[0] == a[1]:
        a[rng.integers(2)] += Fraction(1, 2 ** (bits + 2))
    return oh.Claim(task.minimiser(a), converged=True)
