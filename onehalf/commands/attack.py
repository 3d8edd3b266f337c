"""`onehalf attack`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from algorithms.conformance.suite import faced_by
from algorithms.parameters.spelling import split_parameters
from algorithms.registry import Spec, resolve
from onehalf.adversary.attack import CAP, CERTIFICATE, attack
from onehalf.cli import DONE, VIOLATION
from onehalf.options import add_backend_options
from onehalf.record.directory import REPORT
from onehalf.running.backends.choice import read_backend
from onehalf.running.backends.start import housed
from onehalf.running.progress import Progress
from onehalf.running.run import workers_of
from oracle.families import make_problem
from oracle.problems import Problem
from oracle.session import Budget


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf attack mlp-adam --out results/attack\n"
        "  onehalf attack my_trainer.py\n  onehalf attack vertex --problem 'linear-program[y=1/50]'\n"
        "The adversary chooses e, the oracle and the input; an interrupted attack is continued by the same command.\n"
        "The sentence at the end says whether what was found is conclusive, and if it is not, why.\n"
        "Exit status: 0 done, conclusive or not; 1 the certificate does not hold (it is told why) or a bound is\n"
        "violated; 2 wrong usage; 3 interrupted, to be continued; 4 a defect of this program."
    )
    parser.add_argument(
        "algorithm", metavar="ALGORITHM", help="a name, a plugin file, or an external program"
    )
    parser.add_argument(
        "--problem",
        default=None,
        metavar="FAMILY",
        help="family, with parameters in brackets (default: the first that the algorithm is made for, training)",
    )
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: results/attack-NAME")
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        help="seed of the study (default 1); the confirmation's follows from the plan",
    )
    parser.add_argument(
        "--beacon",
        default="",
        metavar="TEXT",
        help="a public value that nobody could know before, such as a lottery's; the confirmation's coins depend on it",
    )
    parser.add_argument(
        "--trials",
        type=int,
        default=None,
        help=f"most trials of the confirmation (default {CAP}, fewer where they take long)",
    )
    parser.add_argument(
        "--digits", type=int, default=10_000, help="most digits of any one question (default 10000)"
    )
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="most seconds of any one run (default 20)"
    )
    add_backend_options(parser)
    parser.add_argument("--json", action="store_true", help="print the certificate without its body")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    spec = resolve(options.algorithm)
    name = re.sub(r"[^\w.-]+", "-", spec.label).strip("-")
    with housed(read_backend(options.backend), workers_of(options.jobs)) as backend:
        found = attack(
            spec,
            problem_of(options.problem, spec),
            options.out or Path("results") / f"attack-{name}",
            seed=options.seed,
            beacon=options.beacon,
            budget=Budget(options.digits, options.seconds),
            cap=options.trials,
            jobs=options.jobs,
            tell=lambda line: print(line, file=sys.stderr, flush=True),
            listener=Progress(stage=True),
            backend=backend,
        )
    if found.doubt:
        print(f"no certificate: {found.doubt}")
        print(f"report: {found.directory / REPORT}")
    elif options.json:
        shown = {k: v for k, v in found.document.items() if k != "body"}
        print(json.dumps(shown, indent=1, ensure_ascii=False))
    else:
        print(found.statement)
        print(f"certificate: {found.directory / CERTIFICATE}")
        print(f"report: {found.directory / REPORT}")
    if found.violated:
        print("violation: the bound does not hold here, so the harness is defective", file=sys.stderr)
    return VIOLATION if found.violated or found.doubt else DONE


def problem_of(text: str | None, spec: Spec) -> Problem:
    """Return the problem of ``family[param=value,…]``; without a text, the first that an algorithm is made for."""
    if text is None:
        return make_problem(faced_by(spec)[0])
    family, parameters = split_parameters(text)
    return make_problem(family, parameters)
