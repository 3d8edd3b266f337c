"""The search for a δ and an oracle that defeat an algorithm: adaptive, off every table, up to the budget of digits.

The theorem lets the adversary choose e after looking at the algorithm. So it looks: at the problem's own e, at and next
to the depth that it has seen there, and at ever larger e that no table lists, the last as deep as the budget allows. A
sentence of what was found speaks of the e that were tried.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from analysis.wording import iota, listing, number, plural, power_text
from onehalf.adversary.beyond import PROBED, beyond, larger
from onehalf.adversary.events import bounded_names, open_names
from onehalf.adversary.study import Laboratory, Seen, adversarial_policies
from oracle.errors import InvalidValue
from oracle.facts import CLOSENESS
from oracle.problems import Problem

_TRIALS, _LEAST, _SECONDS = 16, 4, 16.0
"""Trials of a cell of the study; at least so many; and fewer than the first if they take more than these seconds."""
_REFINED, _REFINED_SECONDS = 200, 20.0
_STEP = 2.5, 2.0
"""A rung is the one before, times the first of these, and up to the second more: how far, no table says."""
_EVENT = "the event that the theorem's proof must except"


@dataclass(frozen=True)
class Target:
    """What the study concludes: everything it saw, the cell to confirm, what counts as open, and why, in sentences."""

    seen: tuple[Seen, ...]
    chosen: Seen
    open: tuple[str, ...]
    reasons: tuple[str, ...]


def search(laboratory: Laboratory, problem: Problem) -> Target:
    """Look for the cell in which an algorithm does worst.

    Parameters
    ----------
    laboratory : Laboratory
        Where to look at the algorithm.
    problem : Problem
        The family with its other parameters; e, and whether ι⁰ is a member, are chosen here.
    """
    hunt = _Hunt(laboratory, laboratory.budget.digits)
    found = hunt.climb("e", problem)
    reasons: list[str] = []
    if found is None:
        tried = hunt.tried()
        limited, why = _with_limit(problem)
        if limited is None:
            reasons.append(f"{tried}, and {why}.")
        else:
            reasons.append(f"{tried}; it is met with the limit ι⁰ as well.")
            found = hunt.climb("limit-e", limited)
    chosen = found or min(hunt.current(), key=lambda seen: (seen.rise, seen.damage))
    open_, doubt = counted_open(laboratory, chosen)
    return Target(tuple(hunt.seen), chosen, open_, (*reasons, *_why(chosen), *doubt))


class _Hunt:
    """What has been seen so far, and where to look next."""

    def __init__(self, laboratory: Laboratory, deepest: int) -> None:
        self.laboratory, self.deepest = laboratory, deepest
        self.seen: list[Seen] = []
        self.refined: set[str] = set()

    def climb(self, name: str, problem: Problem) -> Seen | None:
        """Return the cell that defeats the algorithm, the first of growing e in which there is one."""
        start, trials = len(self.seen), _TRIALS
        passed = 0
        for rung in rungs(problem.closeness, self.deepest, _draw(self.laboratory, problem)):
            if rung < passed:
                continue
            found = self._look(name, problem, rung, trials)
            passed = 0
            nearby = [] if self._settled(found) else _beside(found, rung, self.deepest)
            for depth in nearby if rung == problem.closeness else nearby[:1]:
                derived = self._look(name, problem, depth, _LEAST)
                # Where all runs ask for as much as before, no e below that is worth a look.
                same = derived and {d for o in derived for d in o.depths} == {
                    d for o in found for d in o.depths
                }
                passed = (
                    found[0].depths[0] if same and len({d for o in found for d in o.depths}) == 1 else passed
                )
                if self._settled(derived):
                    break
            best = self._best(self.current(start))
            if best is not None:
                return best
        return None

    def current(self, start: int = 0) -> list[Seen]:
        """Return what was seen last of each cell."""
        return list({seen.cell: seen for seen in self.seen[start:]}.values())

    def tried(self) -> str:
        """Return a sentence about the e that were tried, without its end."""
        values = sorted({seen.closeness for seen in self.seen})
        policies = list(dict.fromkeys(seen.policy for seen in self.seen))
        last = (
            f", the last as deep as the budget of {number(self.deepest)} digits"
            if values[-1] == self.deepest
            else ""
        )
        letter = symbol_of(self.seen[0].problem)
        return (
            f"At none of the {letter} that were tried ({listing(map(number, values), 40)}{last}), against "
            f"{listing(policies, 9)}, was it seen to be right no more often than the bound"
        )

    def _look(self, name: str, problem: Problem, closeness: int, trials: int) -> list[Seen]:
        """Look at one e: with one trial against each policy, and with more if those halt within their time."""
        try:
            at = problem if closeness == problem.closeness else problem.at(closeness)
        except InvalidValue:
            return []
        policies = adversarial_policies(at)
        if any(seen.problem.parameters() == at.parameters() for seen in self.seen):
            return []
        found = self.laboratory.look(f"{name}{closeness}-first", at, policies, 1, _SECONDS)
        if not all(seen.idle for seen in found):
            cost = max(seen.seconds for seen in found)
            plain = all(seen.resolved for seen in found) and bool(self.seen)
            several = affordable(cost, _SECONDS, _LEAST, _LEAST if plain else trials)
            if not (plain and trials == _LEAST):
                found = self.laboratory.look(f"{name}{closeness}", at, policies, several, cost)
        self.seen += found
        return found

    def _settled(self, found: Sequence[Seen]) -> bool:
        """Tell whether nothing better is to be had: nothing is excepted, or no run halts in time."""
        clear = any(seen.tally.spent == 0 and (seen.bounded or seen.idle) for seen in found)
        return clear or (bool(found) and all(seen.idle for seen in found))

    def _best(self, found: Sequence[Seen]) -> Seen | None:
        """Return the best cell, looked at more closely, if it holds what it promises."""
        for _ in range(3):
            bounded = [seen for seen in found if seen.bounded or (seen.idle and seen.tally.spent == 0)]
            low = [seen for seen in found if seen.rise <= 0]
            if not (bounded or low):
                return None
            best = (
                min(bounded, key=lambda s: s.damage)
                if bounded
                else min(low, key=lambda s: (s.rise, s.damage))
            )
            close = self._refine(best)
            if close is best and (bounded or best.defeated or best.worst == 0):
                return best
            if close is not best and (close.bounded or close.defeated):
                return close
            if close is best:
                found = [seen for seen in found if seen is not best]
            else:
                found = [close if seen is best else seen for seen in found]
        return None

    def _refine(self, seen: Seen) -> Seen:
        """Look at a cell with as many trials as time allows, once; return the same where that is no more."""
        trials = affordable(seen.seconds, _REFINED_SECONDS, 0, _REFINED)
        clear = seen.idle or (seen.worst == 0 and seen.trials >= _TRIALS)
        if clear or trials <= seen.trials or seen.cell in self.refined:
            return seen
        self.refined.add(seen.cell)
        name = f"refined{len(self.refined)}"
        (closer,) = self.laboratory.look(name, seen.problem, [seen.policy], trials, seen.seconds)
        self.seen.append(closer)
        return closer


def rungs(first: int, deepest: int, draw: Callable[[int], Fraction]) -> Iterator[int]:
    """Yield growing e: the first, some in between that depend on the draws, each in [0, 1), and the deepest."""
    at = first
    for turn in count():
        yield at
        at = int(at * (Fraction(_STEP[0]) + Fraction(_STEP[1]) * draw(turn)))
        if 3 * at > 2 * deepest:
            break
    if deepest > first:
        yield deepest


def affordable(cost: float, seconds: float, least: int, most: int) -> int:
    """Return how many trials of some cost fit into so many seconds, within bounds."""
    return max(least, min(most, int(seconds / max(cost, 1e-9))))


def _draw(laboratory: Laboratory, problem: Problem) -> Callable[[int], Fraction]:
    """Return draws that no algorithm can know: they depend on its own source, besides the problem and the seed."""
    spec = laboratory.spec
    text = json.dumps([spec.digest, spec.label, dict(problem.parameters()), laboratory.seed], sort_keys=True)

    def draw(turn: int) -> Fraction:
        digest = hashlib.sha256(f"{text} {turn}".encode()).digest()
        return Fraction(int.from_bytes(digest[:8], "big"), 2**64)

    return draw


def _beside(found: Sequence[Seen], rung: int, deepest: int) -> list[int]:
    """Return the e at, above and below the largest depth that was seen and that the budget allows."""
    depths = {depth for seen in found for depth in seen.depths if rung < depth <= deepest}
    return [e for at in sorted(depths)[-1:] for e in (at, at + 1, at - 1) if rung < e <= deepest]


def _with_limit(problem: Problem) -> tuple[Problem | None, str]:
    """Return the problem with its limit, or why there is none."""
    try:
        limited = problem.with_limit()
    except InvalidValue as error:
        return None, f"the family has no limit with these parameters ({error})"
    return (
        limited,
        f"the {problem.family} family offers no limit as a member, which would bound every algorithm",
    )


def counted_open(laboratory: Laboratory, chosen: Seen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the inputs on which what met the budget counts as open, and what a larger budget showed.

    On ι⁰, and where others converge to an input, it does not count as open unless a larger budget gives reason to, or
    the budget is met on the other inputs.
    """
    bound = chosen.problem.bound(chosen.policy)
    names = [member.name for member in chosen.problem.inputs]
    bounded = open_names(bound, names)
    met = [name for name in bound.resting if chosen.tally.met[name]]
    if not met:
        return (*bounded,), ()
    everything = (*bounded_names(bound, names), bound.limit)
    limits = "ι⁰" if not bound.inner else "limits"
    if any(chosen.tally.met[name] for name in bounded):
        return everything, (f"It meets the budget on other inputs than {limits}, too.",)
    if chosen.waited:
        runs = sum(chosen.tally.met[name] for name in met)
        waited = f"{chosen.waited} of {plural(runs, 'run')} on {limits} that met the budget met"
        return everything, (
            f"{waited} its time, and not its digits, so that with more time they may be right.",
        )
    trials, budget = min(PROBED, chosen.trials), laboratory.budget
    after, before = (
        [
            end
            for place in met
            for end in laboratory.ends(name, chosen.problem, chosen.policy, trials, within, place)
        ]
        for name, within in (("larger", larger(budget)), ("again", budget))
    )
    found = beyond(budget, before, after, limits)
    return (everything if found.open else (*bounded,)), (found.sentence,)


def symbol_of(problem: Problem) -> str:
    """Return the letter by which a family calls the exponent of its inputs' distance; "e" where it has none."""
    return next((axis.symbol for axis in problem.axes if axis.kind == CLOSENESS), "e")


def _at(chosen: Seen) -> str:
    """Say at which distance of the inputs, in the family's own letter where its parameter is that exponent."""
    parameters = chosen.problem.parameters()
    for axis in chosen.problem.axes:
        if axis.kind == CLOSENESS and parameters.get(axis.name, chosen.closeness) == chosen.closeness:
            return f"At {axis.symbol} = {number(chosen.closeness)}"
    return f"With inputs {power_text(2, -chosen.closeness)} apart"


def _why(chosen: Seen) -> list[str]:
    tally, target = chosen.tally, chosen.target
    least, median, most = chosen.as_json()["depth"]
    idle = ["No run halted within its time, against any policy, so that one trial against each was enough."]
    return [
        *(idle if chosen.idle else []),
        f"{_at(chosen)} it asked for {number(least)} to {number(most)} digits (median "
        f"{number(median)}), and {_EVENT} happened in {tally.spent} of {plural(chosen.trials, 'trial')}.",
        f"Of the legal oracles, {chosen.policy} hurt most: {tally.successes[target]} of {number(chosen.trials)} "
        f"trials right on {iota(target)}, and {tally.opened[target]} that may be right there beyond the budget; "
        f"{chosen.stuck} outcomes without halting, {chosen.failed} with an error.",
    ]
