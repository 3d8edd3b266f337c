"""What the conformance suite found, as a value and as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from algorithms.conformance.rules import Ruling

_MARKS = {"passed": "ok", "failed": "FAIL", "noted": "note", "skipped": "–"}


@dataclass(frozen=True)
class Report:
    """The findings on one algorithm, or on one family of problems.

    Attributes
    ----------
    algorithm : str
        Name and parameters; "family" and its name for a family.
    problems : tuple of str
        The families on which an algorithm was run; none for a family.
    findings : tuple of Ruling
        One for each rule.
    """

    algorithm: str
    problems: tuple[str, ...]
    findings: tuple[Ruling, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Ruling, ...]:
        """The rules that failed."""
        return tuple(f for f in self.findings if f.outcome == "failed")

    def __str__(self) -> str:
        width = max(len(f.rule) for f in self.findings)
        lines = [" on ".join(filter(None, (self.algorithm, ", ".join(self.problems))))]
        for f in self.findings:
            lead = f"  {_MARKS[f.outcome]:4}  {f.rule:{width}}  "
            lines.append(
                textwrap.fill(f.sentence, 110, initial_indent=lead, subsequent_indent=" " * len(lead))
            )
        return "\n".join(lines)


def joined(reports: Sequence[Report]) -> Report:
    """Return several reports as one, each rule with the name of what it is about."""
    if len(reports) == 1:
        return reports[0]
    findings = [
        Ruling(f"{report.algorithm.removeprefix('family ')}: {f.rule}", f.outcome, f.sentence)
        for report in reports
        for f in report.findings
    ]
    problems = dict.fromkeys(problem for report in reports for problem in report.problems)
    return Report(", ".join(report.algorithm for report in reports), tuple(problems), tuple(findings))
