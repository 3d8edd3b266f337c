"""An attack's own certificate, checked before the attack ends, as anyone would check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cloudpickle

from algorithms import registry
from algorithms.algorithm import Algorithm
from algorithms.conformance.states import dependence
from algorithms.registry import Spec
from onehalf.adversary.certificate import write_certificate
from onehalf.adversary.rerun import rerun
from onehalf.plan.experiment import Experiment
from onehalf.verify_standalone import Refused, verify

_SAMPLE = 3


def doubt(document: Mapping[str, Any], experiment: Experiment) -> str:
    """Return why a certificate does not hold: what the verifier refuses, or what its outputs depend on; "" if it holds.

    Parameters
    ----------
    document : mapping
        The certificate.
    experiment : Experiment
        What it is of: one cell.
    """
    (cell,) = experiment.cells
    refused = ""
    if document["referee"]:
        try:
            verify(write_certificate(document))
        except Refused as refusal:
            refused = f"the verifier refuses it: {refusal}"
    found = None if refused else rerun(document, cell.spec, _SAMPLE, cell.problem)
    statuses = [status for counts in document["counts"].values() for status in counts["statuses"]]
    cause = ""
    if found is None or found.different or set(statuses) != {"no_halt"}:
        parameters = dict(cell.spec.parameters)
        seen = dependence(cell.problem, cell.policy, _loader(cell.spec), parameters, cell.budget)
        cause = f"{seen.sentence}." if seen.cause else ""
    if found is None or found.different:
        again = (
            refused
            if found is None
            else f"run again, {len(found.different)} of {len(found.trials)} trials differ"
        )
        return f"{again}; {cause}" if cause else f"{again}, for a reason that was not found."
    return cause


def _loader(spec: Spec) -> Any:
    def load(fresh: bool) -> Algorithm:
        if fresh:
            registry.forget()
            again: Spec = cloudpickle.loads(cloudpickle.dumps(spec))
            return again.load()
        return spec.load()

    return load
