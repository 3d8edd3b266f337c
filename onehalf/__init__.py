"""onehalf: a computability experiment harness for randomised algorithms.

Every public name is here; nothing heavy is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from onehalf.shadowing import check_packages

check_packages()

__version__ = "0.1.0"

_NAMES = {
    "AlternatingTraining": "onehalf.families.training.problem",
    "LinearProgram": "onehalf.families.linear_program.problem",
    "Sample": "onehalf.families.stability.perturbations",
    "Stability": "onehalf.families.stability.problem",
    "certified_radii": "onehalf.families.stability.perturbations",
    "certify_network": "onehalf.families.stability.certificate",
    "certify_stable": "onehalf.families.stability.constructions",
    "stable_network": "onehalf.families.stability.constructions",
    "values_at": "onehalf.families.stability.perturbations",
    "wrong_sets": "onehalf.families.stability.perturbations",
    "Simplex": "onehalf.families.simplex.problem",
    "Problem": "oracle.problems",
    "Input": "oracle.problems",
    "Cost": "oracle.costs",
    "Network": "oracle.networks",
    "pieces": "oracle.networks",
    "Verdict": "oracle.judge",
    "Budget": "oracle.session",
    "Task": "oracle.task",
    "InvalidValue": "oracle.errors",
    "InvalidOutput": "oracle.errors",
    "IllegalQuestion": "oracle.errors",
    "TooPrecise": "oracle.errors",
    "parse_real": "oracle.numbers",
    "Claim": "algorithms.algorithm",
    "algorithm": "algorithms.algorithm",
    "from_minimiser": "algorithms.wrappers.minimiser",
    "from_scipy": "algorithms.wrappers.minimiser",
    "from_sklearn": "algorithms.wrappers.sklearn",
    "from_torch": "algorithms.wrappers.torch",
    "check": "algorithms.conformance.suite",
    "Experiment": "onehalf.plan.experiment",
    "Result": "onehalf.record.result",
    "Story": "analysis.story",
    "Figure": "analysis.story",
    "Panel": "analysis.story",
    "Section": "analysis.story",
    "load": "onehalf.record.result",
    "run": "onehalf.running.run",
    "read_experiment": "onehalf.plan.file",
}

__all__ = sorted([*_NAMES, "__version__"])

if TYPE_CHECKING:
    from algorithms.algorithm import Claim as Claim
    from algorithms.algorithm import algorithm as algorithm
    from algorithms.conformance.suite import check as check
    from algorithms.wrappers.minimiser import from_minimiser as from_minimiser
    from algorithms.wrappers.minimiser import from_scipy as from_scipy
    from algorithms.wrappers.sklearn import from_sklearn as from_sklearn
    from algorithms.wrappers.torch import from_torch as from_torch
    from analysis.story import Figure as Figure
    from analysis.story import Panel as Panel
    from analysis.story import Section as Section
    from analysis.story import Story as Story
    from onehalf.families.linear_program.problem import LinearProgram as LinearProgram
    from onehalf.families.simplex.problem import Simplex as Simplex
    from onehalf.families.stability.certificate import certify_network as certify_network
    from onehalf.families.stability.constructions import certify_stable as certify_stable
    from onehalf.families.stability.constructions import stable_network as stable_network
    from onehalf.families.stability.perturbations import Sample as Sample
    from onehalf.families.stability.perturbations import certified_radii as certified_radii
    from onehalf.families.stability.perturbations import values_at as values_at
    from onehalf.families.stability.perturbations import wrong_sets as wrong_sets
    from onehalf.families.stability.problem import Stability as Stability
    from onehalf.families.training.problem import AlternatingTraining as AlternatingTraining
    from onehalf.plan.experiment import Experiment as Experiment
    from onehalf.plan.file import read_experiment as read_experiment
    from onehalf.record.result import Result as Result
    from onehalf.record.result import load as load
    from onehalf.running.run import run as run
    from oracle.costs import Cost as Cost
    from oracle.errors import IllegalQuestion as IllegalQuestion
    from oracle.errors import InvalidOutput as InvalidOutput
    from oracle.errors import InvalidValue as InvalidValue
    from oracle.errors import TooPrecise as TooPrecise
    from oracle.judge import Verdict as Verdict
    from oracle.networks import Network as Network
    from oracle.networks import pieces as pieces
    from oracle.numbers import parse_real as parse_real
    from oracle.problems import Input as Input
    from oracle.problems import Problem as Problem
    from oracle.session import Budget as Budget
    from oracle.task import Task as Task


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'onehalf' has no attribute {name!r}")
    return getattr(importlib.import_module(_NAMES[name]), name)


def __dir__() -> list[str]:
    return __all__
