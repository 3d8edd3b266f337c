"""What a certificate says, made again from its counts by SciPy's binomial and plain inequalities."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.statistics.exact_limits import sequence_limits
from analysis.statistics.theorems import bound_value
from onehalf.adversary.beyond import beyond, larger
from onehalf.verify_standalone import level, outcome, sentence, told
from oracle.session import Budget

Certificate = dict[str, Any]


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """A certificate's numbers: few trials or many, none or all of them right, open or excepted."""
    n = draw(st.sampled_from((1, 3, 10, 50, 200, 800)))
    right = draw(st.one_of(st.integers(0, n), st.just(0), st.just(n), st.just(n // 2)))
    met = draw(st.one_of(st.just(0), st.integers(0, n - right)))
    might = draw(st.sampled_from((0, met)))
    theorem, k = draw(st.sampled_from((("1", 2), ("1", 3), ("2", 2), ("3", 2), ("1", Fraction(5, 2)))))
    spent = draw(st.one_of(st.just(0), st.integers(0, n)))
    limits = sequence_limits(right, n)[0], sequence_limits(right + might, n)[1]
    shares = sequence_limits(spent, n)
    ideal, high = (Fraction(bound_value(theorem, k, share)) for share in (Fraction(0), shares[1]))
    found: Certificate = {
        **{"certificate": 2, "theorem": theorem, "oracle": "decoy", "trials": n, "target": "1", "referee": "training"},
        **{"problem": {"family": "training", "parameters": {}}, "closeness": 53, "confidence": "19/20"},
        **{"margin": "1/20", "budget": {"digits": 1000, "seconds": 20.0}, "inputs": ["1", "2"]},
        "algorithm": {"label": "mine", "sha256": "0123456789ab" + "0" * 52},
        "limits": {"1": [f"{float(end):.6f}" for end in limits]},
        "counts": {"1": {"successes": right, "statuses": {"halted": n - met, "no_halt": met}, "open": might}},
        "bound": {"ideal": str(ideal), "high": str(high), "spent": {"limits": [f"{float(x):.6f}" for x in shares]}},
    }  # fmt: skip
    return found | {"conclusive": limits[1] <= level(found)}


def possible(right: int, n: int, p: float) -> bool:
    """Whether a probability is in the confidence sequence at 19/20."""
    return bool((n + 1) * binom.pmf(right, n, p) > 0.05)


def is_end(text: str, right: int, n: int, way: int) -> bool:
    """Whether what is written is the end of the sequence of so many successes, on a grid of a millionth."""
    p, inner = float(text), float(text) - way * 2e-6
    return p == (1 + way) / 2 or (not possible(right, n, p + way * 1e-9) and possible(right, n, inner))


def holds(c: Certificate, text: str) -> bool:
    """Whether the sentence is true of the counts."""
    found = re.fullmatch(
        r"On input ι¹ of training \(e = 53, decoy oracle\) mine \(source 0123456789ab\) succeeds "
        r"(within 1,000 digits and 20 s )?with probability in \[(?P<low>[\d.]+), (?P<high>[\d.]+)\] "
        r"\((?P<right>\d+) of (?P<n>\d+) trials"
        r"( within 1,000 digits and 20 s, and (?P<open>\d+) that met this budget may be right beyond it)?"
        r"(, (?P<wrong>\d+) (of which met this budget and|more that met it) count as wrong)?"
        r", confidence 19/20 at any time\); bound (?P<bound>\S+), Theorem (?P<theorem>\d), "
        r"with (?P<event>[tu]) ≤ (?P<share>[\d.]+)\. (?P<end>.+)",
        text,
    )
    if found is None:
        return False
    counts, n = c["counts"]["1"], c["trials"]
    right, might, met = counts["successes"], counts["open"], counts["statuses"]["no_halt"]
    said = [int(found[name] or 0) for name in ("right", "n", "open", "wrong")]
    limits = is_end(found["low"], right, n, -1) and is_end(found["high"], right + might, n, 1)
    bound = {"2": Fraction(1, 2), "3": Fraction(2, 3)}.get(c["theorem"], Fraction(c["bound"]["ideal"]))
    event = (found["theorem"], found["event"]) == (c["theorem"], "t" if c["theorem"] == "1" else "u")
    return (
        said == [right, n, might, met - might]
        and limits
        and event
        and Fraction(found["bound"]) == bound
        and end_holds(c, found["end"], Fraction(found["low"]), Fraction(found["high"]), bound)
    )


def end_holds(c: Certificate, end: str, low: Fraction, high: Fraction, bound: Fraction) -> bool:
    """Whether the last sentence follows: what is conclusive, and what would have to be otherwise where it is not."""
    n, counts = c["trials"], c["counts"]["1"]
    right, might, border = counts["successes"], counts["open"], bound + Fraction(1, 20)
    seen = sequence_limits(right, n)[1]
    allows = Fraction(c["bound"]["high"])
    if found := re.fullmatch(
        r"Conclusive: the upper limit is at most the bound plus 1/20(, although for such [tu] the theorem allows "
        r"(\S+))?\.",
        end,
    ):
        more = allows > border
        return (
            high <= border
            and bool(found[1]) == more
            and (not more or 0 <= Fraction(found[2]) - allows <= Fraction(1, 10**6))
        )
    if high <= border:
        return False
    if end.startswith("The lower limit is above what the theorem allows"):
        return low > allows
    if end.startswith("Not conclusive: it is right more often than the bound, which the theorem allows"):
        return bound < low <= allows
    if "the budget, and not the theorem, may explain" in end:
        return might > 0 and seen <= border  # conclusive, were what is open wrong
    if "it depends on what trials would do beyond the budget" in end:
        return right < border * n < right + might  # more trials alike end on either side
    if "the budget of trials was too small" in end:
        return low <= bound and not (might and seen <= border) and not right < border * n < right + might
    return False


@given(certificates())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_sentence_is_true_and_with_another_number_is_not(c: Certificate) -> None:
    text = sentence(c)
    assert holds(c, text), text
    assert told(c) == text
    assert text.endswith(outcome(c, "t" if c["theorem"] == "1" else "u"))
    for place in re.finditer(r"(?<=\()\d+(?= of)|(?<= of )\d+(?= trials)|(?<=and )\d+(?= that)", text):
        assert not holds(c, f"{text[: place.start()]}{int(place[0]) + 1}{text[place.end() :]}")


ENDS = st.tuples(st.sampled_from(("halted", "no_halt", "error")), st.sampled_from((10, 1001, 100_001)))


@given(st.lists(st.tuples(ENDS, ENDS), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_a_larger_budget_shows_is_told_as_it_was(
    runs: list[tuple[tuple[str, int], tuple[str, int]]],
) -> None:
    budget = Budget(1000, 20.0)
    assert larger(budget).digits == 100_000
    found = beyond(budget, [before for before, _ in runs], [after for _, after in runs])
    late = sum(before == "no_halt" != after for (before, _), (after, _) in runs)
    waited = sum(after == "no_halt" and depth < 10_000 for _, (after, depth) in runs)
    number = f"{late or waited} of {len(runs)} run{'s' * (len(runs) > 1)} on ι⁰ "
    assert found.open == bool(late or waited)
    if found.open:
        assert (
            number + ("halt that do not within" if late else "meet the time, and not the digits")
            in found.sentence
        )
    else:
        assert f"no run on ι⁰, of {len(runs)}, halts that does not within the budget." in found.sentence
    assert found.sentence.startswith("With 100,000 digits and 20 s ")
