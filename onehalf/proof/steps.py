"""Chains of checked facts, as text and as a page."""

from __future__ import annotations

import html
from dataclasses import dataclass

from oracle.checks import Step


@dataclass(frozen=True)
class Proof:
    """A chain of facts and what follows from them.

    Attributes
    ----------
    subject : str
        The problem and the oracle.
    steps : tuple of Step
        Each checked.
    argument : str
        Why the bound follows from them.
    conclusion : str
        The bound.
    """

    subject: str
    steps: tuple[Step, ...]
    argument: str
    conclusion: str

    @property
    def holds(self) -> bool:
        """Whether no fact is false."""
        return all(step.holds for step in self.steps)

    @property
    def closed(self) -> bool:
        """Whether every fact that the bound rests on is there, and holds."""
        return self.holds and all(step.offered for step in self.steps)


def as_text(proof: Proof) -> str:
    """Return a proof as plain text."""
    lines = [proof.subject, ""]
    for index, step in enumerate(proof.steps, start=1):
        lines.append(f"{index:2}. [{step.mark}] {step.title}: {step.statement}")
    return "\n".join([*lines, "", *_ending(proof)])


def _ending(proof: Proof) -> list[str]:
    if not proof.holds:
        return ["Not proved: a fact above is false."]
    if not proof.closed:
        missing = ", ".join(step.title for step in proof.steps if not step.offered)
        first = f"The chain is not closed: nothing above says why of {missing}. What follows rests on it, unproved:"
        return [first, proof.argument, proof.conclusion]
    granted = ["Granted the fact marked [sampled], which was tried and not proved:"]
    return [*granted * any(step.sampled for step in proof.steps), proof.argument, proof.conclusion]


_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>Why the bound holds · onehalf</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}}
li{{margin:.6rem 0}} .mark{{color:#00664b;font-weight:600}} .false{{color:#a33}} .end{{border-left:4px solid #0072b2;
padding-left:1rem}}</style></head><body>
<h1>Why the bound holds</h1><p>{subject}</p><ol>{steps}</ol>{ending}</body></html>
"""


def as_page(proof: Proof) -> str:
    """Return a proof as one self-contained HTML page."""
    steps = "".join(
        f'<li><span class="mark{"" if step.holds and step.offered else " false"}">{step.mark}</span> '
        f"<b>{html.escape(step.title)}.</b> {html.escape(step.statement)}</li>\n"
        for step in proof.steps
    )
    ending = "".join(f'<p class="end">{html.escape(sentence)}</p>' for sentence in _ending(proof))
    return _PAGE.format(subject=html.escape(proof.subject), steps=steps, ending=ending)
