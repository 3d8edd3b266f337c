"""Chains of checked facts as values, as text, and as a page."""

from __future__ import annotations

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One fact.

    Attributes
    ----------
    title : str
        What kind of fact it is.
    statement : str
        The fact, with its numbers.
    holds : bool
        What the computation gave.
    """

    title: str
    statement: str
    holds: bool


@dataclass(frozen=True)
class Proof:
    """A chain of facts and what follows from them.

    Attributes
    ----------
    subject : str
        The problem and the oracle.
    steps : tuple of Step
        Each checked.
    conclusion : str
        The bound.
    """

    subject: str
    steps: tuple[Step, ...]
    conclusion: str

    @property
    def holds(self) -> bool:
        """Whether every fact holds."""
        return all(step.holds for step in self.steps)


def as_text(proof: Proof) -> str:
    """Return a proof as plain text."""
    lines = [proof.subject, ""]
    for index, step in enumerate(proof.steps, start=1):
        lines.append(f"{index:2}. [{'checked' if step.holds else 'FALSE'}] {step.title}: {step.statement}")
    return "\n".join([*lines, "", proof.conclusion if proof.holds else "Not proved: a fact above is false."])


_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>Why the bound holds · onehalf</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}}
li{{margin:.6rem 0}} .mark{{color:#00664b;font-weight:600}} .false{{color:#a33}} .end{{border-left:4px solid #0072b2;
padding-left:1rem}}</style></head><body>
<h1>Why the bound holds</h1><p>{subject}</p><ol>{steps}</ol><p class="end">{conclusion}</p></body></html>
"""


def as_page(proof: Proof) -> str:
    """Return a proof as one self-contained HTML page."""
    steps = "".join(
        f'<li><span class="mark{"" if step.holds else " false"}">{"checked" if step.holds else "FALSE"}</span> '
        f"<b>{html.escape(step.title)}.</b> {html.escape(step.statement)}</li>\n"
        for step in proof.steps
    )
    conclusion = proof.conclusion if proof.holds else "Not proved: a fact above is false."
    return _PAGE.format(subject=html.escape(proof.subject), steps=steps, conclusion=html.escape(conclusion))
