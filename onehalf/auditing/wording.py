"""What an audit found, as sentences that claim no more than its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, Answer, Finding

_ALL = 10**6


def ordinal(number: int) -> str:
    """Write 1st, 2nd, 3rd, 4th, …"""
    tail = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def certain_digits(answer: Answer) -> int | None:
    """Return how many digits of an answer are certain; None if nothing is enclosed, a million if it is exact."""
    if answer.radius is None:
        return None
    return _ALL if answer.radius == 0 else answer.certified


def digit_sentences(findings: Sequence[Finding], whole: str) -> list[str]:
    """Return one sentence for each reading, then those on decisions that cannot be had."""
    return [_of_one(finding, whole) for finding in findings if finding.answers] + decision_sentences(
        findings, (IMPOSSIBLE,)
    )


def decision_sentences(
    findings: Sequence[Finding], verdicts: Sequence[str] = (CERTIFIED, IMPOSSIBLE, NEITHER)
) -> list[str]:
    """Return one sentence for each decision of one of these verdicts."""
    return [
        f"From numbers {finding.words}, whether it is {decision.question} cannot be decided: {decision.words}."
        if decision.verdict == IMPOSSIBLE
        else f"From numbers {finding.words}: {decision.words}."
        for finding in findings
        for decision in finding.decisions
        if decision.verdict in verdicts
    ]


def _of_one(finding: Finding, whole: str) -> str:
    certain = [(certain_digits(answer), answer) for answer in finding.answers]
    short = [digits for digits, _ in certain if digits is None or digits < 1]
    worst = min(
        (answer for answer in finding.answers if answer.impossible is not None),
        key=lambda answer: (answer.impossible or 0, answer.name),
        default=None,
    )
    start = f"From numbers {finding.words}, "
    if short:
        which = "" if len(short) == len(certain) else f"{len(short)} of {len(certain)} components of "
        first = f"no digit after the point of {which}{whole} is certified"
        known = [digits for digits, _ in certain if digits is not None]
        if len(known) == len(certain):
            first += f", and every component to within {_power(-min(known))}"
    else:
        least = min(digits for digits, _ in certain if digits is not None)
        name = next(answer.name for digits, answer in certain if digits == least)
        first = (
            f"{whole} is certain to the last digit"
            if least == _ALL
            else f"{_digits(least)} of every component of {whole} {_are(least)} certain (least {name})"
        )
    if worst is None or worst.impossible is None:
        return f"{start}{first}; no digit was proved impossible."
    if worst.impossible <= 0:
        return (
            f"{start}{first}; not even 10^{-worst.impossible} of {worst.name} can be had."
            if (worst.impossible < 0)
            else f"{start}{first}; not even the unit of {worst.name} can be had."
        )
    return f"{start}{first}; the {ordinal(worst.impossible)} digit of {worst.name} cannot be had."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _digits(number: int) -> str:
    return "1 digit" if number == 1 else f"{number} digits"


def _power(exponent: int) -> str:
    return f"10^{exponent}" if exponent else "1"


def cell(answer: Answer) -> str:
    """Return an answer's verdicts for a table: certified digits, and from where it is impossible."""
    digits = certain_digits(answer)
    left = "–" if digits is None else "all" if digits == _ALL else str(digits)
    right = "" if answer.impossible is None else f"{answer.impossible}"
    return f"{left} | {right or '–'}"
