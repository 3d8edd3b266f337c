"""`onehalf check`."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from algorithms.conformance.report import Report
from algorithms.conformance.suite import check_one, offered
from algorithms.parameters.spelling import split_parameters
from onehalf.cli import DONE, VIOLATION
from onehalf.running.progress import CheckProgress
from oracle.families import make_problem
from oracle.problems import Problem
from oracle.session import Budget


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf check my_trainer.py\n"
        '  onehalf check "exec:./my_program" --problem "training[free=true]"\n'
        '  onehalf check my_family.py "my_family.py::Sign[gap=9]"\n'
        "Exit status: 0 every rule is kept, 1 one is broken, 2 there is no such plugin."
    )
    parser.add_argument(
        "plugins",
        nargs="+",
        metavar="PLUGIN",
        help="a file (its families of problems, and all it registers), a name, or exec:program",
    )
    parser.add_argument(
        "--problem", default=None, help="family[param=value,…] (default: what the algorithm is made for)"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="time budget of one run (default 20)")
    parser.add_argument("--digits", type=int, default=10_000, help="digit budget of one run (default 10,000)")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    budget = Budget(options.digits, options.seconds)
    problem = _problem(options.problem)
    reports = []
    for plugin in options.plugins:
        for what in offered(plugin, budget.seconds):
            label = f"family {what.family}" if isinstance(what, Problem) else what.label
            progress = CheckProgress(label, budget.seconds)
            reports.append(check_one(what, problem, budget, progress))
            if not options.json:
                print(f"{reports[-1]}\n{_verdict(reports[-1])}\n")
    if options.json:
        print(json.dumps([_as_json(report) for report in reports], indent=1, ensure_ascii=False))
    return DONE if all(report.passed for report in reports) else VIOLATION


def _problem(text: str | None) -> Problem | None:
    if text is None:
        return None
    family, parameters = split_parameters(text)
    return make_problem(family, parameters)


def _verdict(report: Report) -> str:
    if report.passed:
        return "passes"
    return f"FAILS: {', '.join(finding.rule for finding in report.failures)}"


def _as_json(report: Report) -> dict[str, Any]:
    return {"passed": report.passed, **dataclasses.asdict(report)}
