"""An audit as a JSON document: what was found, and what proves it."""

from __future__ import annotations

from typing import Any

from onehalf.auditing.verdicts import Answer, Audit, Finding

VERSION = 1


def audit_document(audit: Audit, proofs: bool = True) -> dict[str, Any]:
    """Return an audit as JSON values; without proofs it is short."""
    return {
        "audit": VERSION,
        "kind": audit.kind,
        "source": audit.source,
        "reading": audit.reading,
        "sentences": list(audit.sentences),
        "findings": [_finding(finding, proofs) for finding in audit.findings],
        **({"data": audit.data} if proofs else {}),
    }


def _finding(finding: Finding, proofs: bool) -> dict[str, Any]:
    return {
        "radii": finding.title,
        "components": [_answer(answer) for answer in finding.answers],
        "decisions": [
            {
                "question": decision.question,
                "verdict": decision.verdict,
                "words": decision.words,
                "pair": decision.pair and list(decision.pair),
                **({} if decision.single is None else {"single": decision.single}),
            }
            for decision in finding.decisions
        ],
        "facts": finding.facts,
        **({"data_sets": list(finding.data_sets), "proof": finding.proof} if proofs else {}),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "name": answer.name,
        "value": None if answer.value is None else _number(answer.value),
        "radius": None if answer.radius is None else _number(answer.radius),
        "certified_digits": answer.certified,
        "exact": answer.radius == 0 if answer.radius is not None else False,
        "apart": _number(answer.apart),
        "impossible_digits": answer.impossible,
        "pair": answer.pair and list(answer.pair),
    }


def _number(value: Any) -> float:
    """Return a number for programs; the proofs hold the exact ones."""
    try:
        return float(value)
    except OverflowError:
        return float("1e308") if value > 0 else float("-1e308")
