"""`onehalf power`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from onehalf.cli import DONE
from onehalf.options import share_option
from oracle.errors import InvalidValue

# What the analysis calls them, and how they are given here.
_OPTIONS = {"probability": "p"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf power --p 0.6                 trials that tell 0.6 from 1/2\n"
        "  onehalf power --half-width 0.02       trials for an interval of ± 0.02\n"
        "  onehalf power --trials 1000           what 1000 trials can tell\n"
        "  onehalf power --p 0.6 --sequential    the same beside tests that may stop early\n"
        "  onehalf power --p 0.4 --bound 1/3     trials that tell 0.4 from 1/3 (fractions do wherever decimals do)"
    )
    parser.add_argument(
        "--p", type=share_option, metavar="P", help="the success probability to be told from the bound"
    )
    parser.add_argument(
        "--half-width", type=share_option, metavar="W", help="half the width of the interval wanted"
    )
    parser.add_argument(
        "--trials", type=int, metavar="N", help="a number of trials: what can be told with it"
    )
    parser.add_argument("--bound", type=share_option, default=0.5, help="the bound (default 0.5)")
    parser.add_argument("--level", type=share_option, default=0.01, help="error at the bound (default 0.01)")
    parser.add_argument(
        "--power", type=share_option, default=0.95, help="probability to tell p from it (default 0.95)"
    )
    parser.add_argument(
        "--confidence", type=share_option, default=0.95, help="of the interval (default 0.95)"
    )
    parser.add_argument(
        "--sequential", action="store_true", help="with --p: expected trials of tests that may stop early"
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.p is None and options.half_width is None and options.trials is None:
        raise InvalidValue(
            "power", "nothing", "needs something to work out", "give --p, --half-width or --trials"
        )
    if options.trials is not None and options.trials < 1:
        raise InvalidValue("trials", options.trials, "must be at least 1", "take for example 1000")
    if options.half_width is not None and not 0 < options.half_width < 0.5:
        raise InvalidValue(
            "half-width",
            options.half_width,
            "must lie strictly between 0 and 1/2, as an interval in [0, 1] is at most ± 1/2 wide",
            "take for example 0.02",
        )
    try:
        found = _work_out(options)
    except ValueError as error:
        # The analysis's errors have the form of ours: "name=value, the rule; the remedy."
        said, _, remedy = str(error).rstrip(".").rpartition("; ")
        name, _, rest = said.partition("=")
        value, _, rule = rest.partition(" ")
        given = float(value) if value else str(error)
        raise InvalidValue(_OPTIONS.get(name, name), given, rule, remedy) from error
    print(json.dumps(found, indent=1) if options.json else "\n".join(_lines(options, found)))
    return DONE


def _work_out(options: argparse.Namespace) -> dict[str, Any]:
    from analysis.statistics import power

    rates = {"bound": options.bound, "level": options.level}
    found: dict[str, Any] = {**rates, "power": options.power, "confidence": options.confidence}
    if options.p is not None and options.trials is None and options.half_width is None:
        needed = power.trials_for_power(options.p, power=options.power, **rates)
        found["trials_for_power"] = {"p": options.p, "first": needed.first, "onwards": needed.onwards}
    if options.half_width is not None:
        least = power.trials_for_half_width(options.half_width, options.p, options.confidence)
        found["trials_for_half_width"] = {"half_width": options.half_width, "p": options.p, "trials": least}
    if options.trials is not None:
        below, above = power.detectable(options.trials, power=options.power, **rates)
        found["trials"] = {
            "trials": options.trials,
            "half_width": power.half_width(options.trials, options.p, options.confidence),
            "told_below": below,
            "told_above": above,
            "p": options.p,
            "power": None if options.p is None else power.power(options.trials, options.p, **rates),
        }
    if options.sequential and options.p is not None:
        found["sequential"] = _sequential(options)
    return found


def _sequential(options: argparse.Namespace) -> list[dict[str, Any]]:
    from analysis.statistics.operating import comparison

    # The tests are of H0: p ≤ bound; a truth below the bound is the mirror image.
    mirrored = options.p < options.bound
    p, bound = (1 - options.p, 1 - options.bound) if mirrored else (options.p, options.bound)
    rows = comparison((bound, p), p, options.level, options.power, bound=bound, mirrored=mirrored)
    return [
        {
            "test": row.name,
            "error_at_bound": row.passages[0].above,
            "power_at_p": row.passages[1].above,
            "expected_trials_at_bound": row.passages[0].expected,
            "expected_trials_at_p": row.passages[1].expected,
            "undecided_at_p": max(0.0, 1 - row.passages[1].above - row.passages[1].below),
        }
        for row in rows
    ]


def _lines(options: argparse.Namespace, found: dict[str, Any]) -> list[str]:
    test = f"exact one-sided test, error {options.level:g}, power {options.power:g}"
    lines = []
    if "trials_for_power" in found:
        first, onwards = found["trials_for_power"]["first"], found["trials_for_power"]["onwards"]
        saw = "" if first == onwards else f"; with every number from {onwards:,} on (the power is a sawtooth)"
        lines.append(f"{first:,} trials tell p = {options.p:g} from {options.bound:g} ({test}){saw}")
    if "trials_for_half_width" in found:
        where = "whatever comes out" if options.p is None else f"on average at p = {options.p:g}"
        lines.append(
            f"{found['trials_for_half_width']['trials']:,} trials make the {options.confidence:.0%} Clopper–Pearson "
            f"interval at most ± {options.half_width:g} wide, {where}"
        )
    if "trials" in found:
        lines += _about_trials(options, found["trials"], test)
    if "sequential" in found:
        from analysis.statistics.operating import CAP

        lines.append(f"  tests that may stop early end after {CAP:,} trials, decided or not:")
    for row in found.get("sequential", []):
        lines.append(
            f"  {row['test']:26}  error {row['error_at_bound']:.4f}  power {row['power_at_p']:.4f}  expected trials "
            f"{row['expected_trials_at_bound']:,.0f} at the bound, {row['expected_trials_at_p']:,.0f} at p"
        )
    return lines


def _about_trials(options: argparse.Namespace, found: dict[str, Any], test: str) -> list[str]:
    sides = [
        f"{side} p = {found[key]:.4f}"
        for side, key in (("below", "told_below"), ("above", "told_above"))
        if found[key] is not None
    ]
    told = " or ".join(sides) or "no p at all"
    at = "at most" if options.p is None else f"on average at p = {options.p:g}"
    lines = [
        f"{options.trials:,} trials tell from {options.bound:g} what is {told} ({test})",
        f"{options.trials:,} trials give a {options.confidence:.0%} Clopper–Pearson interval of ± "
        f"{found['half_width']:.4f} {at}",
    ]
    if found["power"] is not None:
        lines.append(
            f"{options.trials:,} trials tell p = {options.p:g} with probability {found['power']:.4f}"
        )
    return lines
