"""What an audit says: for each reading of the numbers and each component, which digits are certain and which cannot be.

CERTIFIED K digits: an enclosure of radius at most 10^-K that holds for all data in the box. IMPOSSIBLE from K on: two
data sets in the box with proved unique answers more than 2·10^-K apart, so that no algorithm which sees only the shown
numbers has probability above 1/2 on both (docs/theory.md, Theorem 1). NEITHER: the digits in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from onehalf.auditing.data import digits_apart, digits_within

CERTIFIED, IMPOSSIBLE, NEITHER = "CERTIFIED", "IMPOSSIBLE", "NEITHER"
_DIGITS = "Which digits can be had from these numbers"
_CLAIM = (
    "CERTIFIED K digits: the answer of every data set within the radii lies within 10^-K of the value. "
    "IMPOSSIBLE from K digits on: two data sets within the radii have unique answers, proved in exact "
    "arithmetic, more than 2·10^-K apart; the shown numbers are legal for both, so that no algorithm which "
    "sees only them is right on both with probability above 1/2 (Theorem 1). NEITHER: what lies in between."
)


@dataclass(frozen=True)
class Answer:
    """One component of an answer.

    Attributes
    ----------
    name : str
        The component.
    value : Fraction or None
        What the numbers as shown give, exactly; None if they give nothing unique.
    radius : Fraction or None
        The enclosure: |answer − value| ≤ radius for all data in the box; None if nothing is enclosed.
    apart : Fraction
        How far apart the component is in the proved pair, 0 without one.
    pair : (int, int) or None
        The two data sets, by number.
    """

    name: str
    value: Fraction | None
    radius: Fraction | None = None
    apart: Fraction = Fraction(0)
    pair: tuple[int, int] | None = None

    @property
    def certified(self) -> int | None:
        """The most digits that are certain; None where none is enclosed or (radius 0) all are certain."""
        return digits_within(self.radius) if self.radius else None

    @property
    def impossible(self) -> int | None:
        """The fewest digits that cannot be had; None if none were proved impossible."""
        return digits_apart(self.apart) if self.apart > 0 else None

    def verdict(self, digits: int) -> str:
        """Return what is proved of so many digits."""
        if self.apart > 2 * Fraction(10) ** -digits:
            return IMPOSSIBLE
        if self.radius is not None and self.radius <= Fraction(10) ** -digits:
            return CERTIFIED
        return NEITHER


@dataclass(frozen=True)
class AuditDecision:
    """A question with a yes or a no: whether there is a solution, which neurons, which signs.

    Attributes
    ----------
    question : str
        For example "the program is feasible".
    verdict : str
        CERTIFIED, IMPOSSIBLE or NEITHER.
    words : str
        What is known, a sentence.
    pair : (int, int) or None
        Data sets with different answers.
    single : bool or None
        Where every data set within the radii has a minimiser: whether it is certain that each has only one.
    """

    question: str
    verdict: str
    words: str
    pair: tuple[int, int] | None = None
    single: bool | None = None


@dataclass(frozen=True)
class Finding:
    """What one reading of the numbers gives.

    Attributes
    ----------
    title, words : str
        The reading, for a table and within a sentence.
    answers, decisions : tuple
        What is asked.
    data_sets : tuple of dict
        The data sets of the pairs with what proves their answers, for a file.
    proof : dict
        What proves the enclosures, for a file.
    facts : dict
        Numbers of this kind of audit alone.
    """

    title: str
    words: str
    answers: tuple[Answer, ...]
    decisions: tuple[AuditDecision, ...] = ()
    data_sets: tuple[dict[str, Any], ...] = ()
    proof: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """The outcome of `onehalf.audit`.

    Attributes
    ----------
    kind : str
        "linear program", "training set", "trained network", "least squares".
    source : str
        Where the numbers come from.
    reading : str
        How they were read, a sentence.
    findings : tuple of Finding
        One for each reading.
    data : dict
        The shown numbers, exactly, for a file.
    sentences : tuple of str
        What was found, the most important first.
    tables : tuple of (title, heads, rows)
        Further tables of this kind of audit.
    title : str
        What is asked, the heading of a page.
    claims : tuple of str
        What the verdicts mean, sentences.
    files : dict of str to str
        What is written beside the report: texts by name.
    picture : str
        SVG, "" where there is none beside the digits.
    """

    kind: str
    source: str
    reading: str
    findings: tuple[Finding, ...]
    data: dict[str, Any]
    sentences: tuple[str, ...]
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = ()
    title: str = _DIGITS
    claims: tuple[str, ...] = (_CLAIM,)
    files: dict[str, str] = field(default_factory=dict)
    picture: str = ""

    def __str__(self) -> str:
        return "\n".join(self.sentences)
