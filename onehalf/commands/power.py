"""`onehalf power`."""

from __future__ import annotations

import argparse
import json
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from typing import Any

from analysis.wording import percent, plural, rounded
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
            "power": None
            if options.p in (None, options.bound)
            else power.power(options.trials, options.p, **rates),
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
    test = f"exact one-sided test, error {_share(options.level)}, power {_share(options.power)}"
    lines = []
    if "trials_for_power" in found:
        first, onwards = found["trials_for_power"]["first"], found["trials_for_power"]["onwards"]
        saw = "" if first == onwards else f"; with every number from {onwards:,} on (the power is a sawtooth)"
        lines.append(
            f"{_trials(first, 'tell')} p = {_share(options.p)} from {_share(options.bound)} ({test}){saw}"
        )
    if "trials_for_half_width" in found:
        where = "whatever comes out" if options.p is None else f"on average at p = {_share(options.p)}"
        lines.append(
            f"{_trials(found['trials_for_half_width']['trials'], 'make')} the {percent(options.confidence)} "
            f"Clopper–Pearson interval at most ± {_share(options.half_width)} wide, {where}"
        )
    if "trials" in found:
        lines += _about_trials(options, found["trials"], test)
    if "sequential" in found:
        from analysis.statistics.operating import CAP

        lines.append(f"  tests that may stop early end after {CAP:,} trials, decided or not:")
    for row in found.get("sequential", []):
        error, power = _chance(row["error_at_bound"], options.bound), _chance(row["power_at_p"], options.p)
        lines.append(
            f"  {row['test']:26}  error {error}  power {power}  expected trials "
            f"{row['expected_trials_at_bound']:,.0f} at the bound, {row['expected_trials_at_p']:,.0f} at p"
        )
    return lines


def _about_trials(options: argparse.Namespace, found: dict[str, Any], test: str) -> list[str]:
    sides = [
        f"at {least} {rounded(found[key], rounding, 4)}"
        for least, rounding, key in (
            ("most", ROUND_FLOOR, "told_below"),
            ("least", ROUND_CEILING, "told_above"),
        )
        if found[key] is not None
    ]
    told = f"every p of {' or '.join(sides)}" if sides else "no p at all"
    wide = found["half_width"]
    width = (
        f"at most ± {rounded(wide, ROUND_CEILING, 4)}, whatever comes out"
        if options.p is None
        else f"± {rounded(wide, places=4)} on average at p = {_share(options.p)}"
    )
    lines = [
        f"{_trials(options.trials, 'tell')} {told} from {_share(options.bound)} ({test})",
        f"{_trials(options.trials, 'give')} a {percent(options.confidence)} Clopper–Pearson interval of {width}",
    ]
    if found["power"] is not None:
        lines.append(
            f"{_trials(options.trials, 'tell')} p = {_share(options.p)} from {_share(options.bound)} with probability "
            f"{_chance(found['power'], options.p)} (error {_share(options.level)})"
        )
    return lines


def _trials(count: int, verb: str) -> str:
    """Write a number of trials with the verb that follows."""
    return f"{plural(count, 'trial')} {verb}{'s' if count == 1 else ''}"


def _chance(value: float, p: float) -> str:
    """Write the probability of a decision at p: 1 where p is certain alone, whatever sums of floats give."""
    return rounded(min(value, 1 - 2**-40) if 0 < p < 1 else value, places=4)


def _share(value: float) -> str:
    """Write a share as it was given: six digits where these are all, a fraction such as 1/3, or every digit."""
    short = f"{value:g}"
    if float(short) == value:
        return short
    simple = Fraction(value).limit_denominator(99)
    return str(simple) if float(simple) == value else repr(value)
