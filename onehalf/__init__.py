"""onehalf: a computability experiment harness for randomised algorithms.

Every public name is here, all that a plugin or a family of problems needs among them; nothing heavy is imported before
it is used.
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
    "Certified": "oracle.problems",
    "Oracle": "oracle.problems",
    "Problem": "oracle.problems",
    "remade": "oracle.problems",
    "Axis": "oracle.facts",
    "Bound": "oracle.facts",
    "Facts": "oracle.facts",
    "Input": "oracle.facts",
    "ANSWERS": "oracle.facts",
    "CLOSENESS": "oracle.facts",
    "DEMAND": "oracle.facts",
    "NETWORK_TRAINING": "oracle.facts",
    "WITH_LIMIT": "oracle.facts",
    "Step": "oracle.checks",
    "check_network": "oracle.checks",
    "number_within": "oracle.checks",
    "short": "oracle.checks",
    "whole_number": "oracle.checks",
    "Cost": "oracle.costs",
    "check_cost": "oracle.costs",
    "find_cost": "oracle.costs",
    "place_cost": "oracle.costs",
    "BrokenFamily": "oracle.errors",
    "IllegalQuestion": "oracle.errors",
    "InvalidOutput": "oracle.errors",
    "InvalidValue": "oracle.errors",
    "TooPrecise": "oracle.errors",
    "Level": "oracle.judge",
    "Verdict": "oracle.judge",
    "digest_named": "oracle.namespaces",
    "load_named": "oracle.namespaces",
    "place_named": "oracle.namespaces",
    "Network": "oracle.networks",
    "check_hidden": "oracle.networks",
    "exact_fraction": "oracle.networks",
    "pieces": "oracle.networks",
    "Irrational": "oracle.numbers",
    "Real": "oracle.numbers",
    "nearest": "oracle.numbers",
    "parse_real": "oracle.numbers",
    "to_float": "oracle.numbers",
    "problem": "oracle.instances.registration",
    "Instances": "oracle.instances.stated",
    "dyadic": "oracle.instances.stated",
    "LP": "oracle.instances.linear",
    "LeastSquares": "oracle.instances.linear",
    "MinimumNorm": "oracle.instances.linear",
    "Rank": "oracle.instances.linear",
    "Projector": "oracle.instances.linear",
    "Lasso": "oracle.instances.sparse.signed",
    "ElasticNet": "oracle.instances.sparse.signed",
    "SqrtLasso": "oracle.instances.sparse.signed",
    "BasisPursuit": "oracle.instances.sparse.signed",
    "BasisPursuitDenoising": "oracle.instances.sparse.noisy",
    "SDP": "oracle.instances.semidefinite.sdp",
    "SDPFeasible": "oracle.instances.semidefinite.sdp",
    "Anything": "oracle.instances.finite",
    "ArgMin": "oracle.instances.finite",
    "Root": "oracle.instances.finite",
    "Support": "oracle.instances.finite",
    "AtLeast": "oracle.instances.finite",
    "Optimum": "oracle.instances.finite",
    "Declared": "oracle.instances.finite",
    "Separated": "oracle.instances.separated.instance",
    "Separator": "oracle.instances.separated.instance",
    "decode_point": "oracle.points",
    "encode_point": "oracle.points",
    "Budget": "oracle.session",
    "Task": "oracle.task",
    "decode_network": "oracle.networks:decode",
    "encode_network": "oracle.networks:encode",
    "judge_networks": "oracle.judge:judge",
    "Abstain": "algorithms.algorithm",
    "Claim": "algorithms.algorithm",
    "algorithm": "algorithms.algorithm",
    "from_minimiser": "algorithms.wrappers.minimiser",
    "from_scipy": "algorithms.wrappers.minimiser",
    "from_sklearn": "algorithms.wrappers.sklearn",
    "from_torch": "algorithms.wrappers.torch",
    "network_from": "algorithms.wrappers.network_from",
    "solver": "algorithms.wrappers.solver",
    "check": "algorithms.conformance.suite",
    "rules": "algorithms.conformance.testing",
    "Experiment": "onehalf.plan.experiment",
    "Result": "onehalf.record.result",
    "Story": "analysis.story",
    "Figure": "analysis.story",
    "Panel": "analysis.story",
    "Section": "analysis.story",
    "Joined": "onehalf.record.reading.joined",
    "load": "onehalf.record.reading.joined:load_results",
    "merge": "onehalf.record.merging.merge",
    "run": "onehalf.running.run",
    "read_experiment": "onehalf.plan.file",
    "Audit": "onehalf.auditing.verdicts",
    "audit": "onehalf.auditing.audit",
    "judge_lp": "onehalf.auditing.programs.audit",
    "flips": "onehalf.auditing.networks.flips",
    "read_network": "onehalf.auditing.networks.files",
}

__all__ = sorted([*_NAMES, "__version__"])

if TYPE_CHECKING:
    from algorithms.algorithm import Abstain as Abstain
    from algorithms.algorithm import Claim as Claim
    from algorithms.algorithm import algorithm as algorithm
    from algorithms.conformance.suite import check as check
    from algorithms.conformance.testing import rules as rules
    from algorithms.wrappers.minimiser import from_minimiser as from_minimiser
    from algorithms.wrappers.minimiser import from_scipy as from_scipy
    from algorithms.wrappers.network_from import network_from as network_from
    from algorithms.wrappers.sklearn import from_sklearn as from_sklearn
    from algorithms.wrappers.solver import solver as solver
    from algorithms.wrappers.torch import from_torch as from_torch
    from analysis.story import Figure as Figure
    from analysis.story import Panel as Panel
    from analysis.story import Section as Section
    from analysis.story import Story as Story
    from onehalf.auditing.audit import audit as audit
    from onehalf.auditing.networks.files import read_network as read_network
    from onehalf.auditing.networks.flips import flips as flips
    from onehalf.auditing.programs.audit import judge_lp as judge_lp
    from onehalf.auditing.verdicts import Audit as Audit
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
    from onehalf.record.merging.merge import merge as merge
    from onehalf.record.reading import joined as _joined
    from onehalf.record.reading.joined import Joined as Joined
    from onehalf.record.result import Result as Result
    from onehalf.running.run import run as run
    from oracle import judge as _judge
    from oracle import networks as _networks
    from oracle.checks import Step as Step
    from oracle.checks import check_network as check_network
    from oracle.checks import number_within as number_within
    from oracle.checks import short as short
    from oracle.checks import whole_number as whole_number
    from oracle.costs import Cost as Cost
    from oracle.costs import check_cost as check_cost
    from oracle.costs import find_cost as find_cost
    from oracle.costs import place_cost as place_cost
    from oracle.errors import BrokenFamily as BrokenFamily
    from oracle.errors import IllegalQuestion as IllegalQuestion
    from oracle.errors import InvalidOutput as InvalidOutput
    from oracle.errors import InvalidValue as InvalidValue
    from oracle.errors import TooPrecise as TooPrecise
    from oracle.facts import ANSWERS as ANSWERS
    from oracle.facts import CLOSENESS as CLOSENESS
    from oracle.facts import DEMAND as DEMAND
    from oracle.facts import NETWORK_TRAINING as NETWORK_TRAINING
    from oracle.facts import WITH_LIMIT as WITH_LIMIT
    from oracle.facts import Axis as Axis
    from oracle.facts import Bound as Bound
    from oracle.facts import Facts as Facts
    from oracle.facts import Input as Input
    from oracle.instances.finite import Anything as Anything
    from oracle.instances.finite import ArgMin as ArgMin
    from oracle.instances.finite import AtLeast as AtLeast
    from oracle.instances.finite import Declared as Declared
    from oracle.instances.finite import Optimum as Optimum
    from oracle.instances.finite import Root as Root
    from oracle.instances.finite import Support as Support
    from oracle.instances.linear import LP as LP
    from oracle.instances.linear import LeastSquares as LeastSquares
    from oracle.instances.linear import MinimumNorm as MinimumNorm
    from oracle.instances.linear import Projector as Projector
    from oracle.instances.linear import Rank as Rank
    from oracle.instances.registration import problem as problem
    from oracle.instances.semidefinite.sdp import SDP as SDP
    from oracle.instances.semidefinite.sdp import SDPFeasible as SDPFeasible
    from oracle.instances.separated.instance import Separated as Separated
    from oracle.instances.separated.instance import Separator as Separator
    from oracle.instances.sparse.noisy import BasisPursuitDenoising as BasisPursuitDenoising
    from oracle.instances.sparse.signed import BasisPursuit as BasisPursuit
    from oracle.instances.sparse.signed import ElasticNet as ElasticNet
    from oracle.instances.sparse.signed import Lasso as Lasso
    from oracle.instances.sparse.signed import SqrtLasso as SqrtLasso
    from oracle.instances.stated import Instances as Instances
    from oracle.instances.stated import dyadic as dyadic
    from oracle.judge import Level as Level
    from oracle.judge import Verdict as Verdict
    from oracle.namespaces import digest_named as digest_named
    from oracle.namespaces import load_named as load_named
    from oracle.namespaces import place_named as place_named
    from oracle.networks import Network as Network
    from oracle.networks import check_hidden as check_hidden
    from oracle.networks import exact_fraction as exact_fraction
    from oracle.networks import pieces as pieces
    from oracle.numbers import Irrational as Irrational
    from oracle.numbers import Real as Real
    from oracle.numbers import nearest as nearest
    from oracle.numbers import parse_real as parse_real
    from oracle.numbers import to_float as to_float
    from oracle.points import decode_point as decode_point
    from oracle.points import encode_point as encode_point
    from oracle.problems import Certified as Certified
    from oracle.problems import Oracle as Oracle
    from oracle.problems import Problem as Problem
    from oracle.problems import remade as remade
    from oracle.session import Budget as Budget
    from oracle.task import Task as Task

    decode_network, encode_network = _networks.decode, _networks.encode
    judge_networks, load = _judge.judge, _joined.load_results


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'onehalf' has no attribute {name!r}")
    module, _, within = _NAMES[name].partition(":")
    return getattr(importlib.import_module(module), within or name)


def __dir__() -> list[str]:
    return __all__
