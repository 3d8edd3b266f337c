"""What `onehalf power` prints, made again from exact binomial sums of fractions and SciPy's own intervals."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from onehalf.commands.power import configure, execute

SHARES = tuple(map(Fraction, ("1/2", "1/3", "2/3", "1/4", "9/10", "3/5", "1/20", "1/100", "19/20")))
MOST = 60
"""The trials to which every number is worked out again."""


@cache
def likely(n: int, p: Fraction) -> tuple[int, ...]:
    """The probabilities of 0, …, n successes, in units of d^-n, d the denominator of p."""
    a, b = p.numerator, p.denominator - p.numerator
    return tuple(math.comb(n, k) * a**k * b ** (n - k) for k in range(n + 1))


@cache
def critical(n: int, bound: Fraction, level: Fraction) -> int:
    """The least number of successes whose upper tail at the bound is at most the level."""
    most, tail = level * bound.denominator**n, 0
    for k in reversed(range(n + 1)):
        tail += likely(n, bound)[k]
        if tail > most:
            return k + 1
    return 0


@cache
def chance(n: int, p: Fraction, bound: Fraction, level: Fraction) -> Fraction:
    """The probability that the exact one-sided test rejects."""
    if p < bound:
        return chance(n, 1 - p, 1 - bound, level)
    return Fraction(sum(likely(n, p)[critical(n, bound, level) :]), p.denominator**n)


@cache
def width(n: int, k: int, confidence: Fraction) -> float:
    found = binomtest(k, n).proportion_ci(float(confidence), "exact")
    return float(found.high - found.low) / 2


def wide(n: int, p: Fraction | None, confidence: Fraction) -> float:
    """Half the width of the interval: the widest, or the mean at p."""
    widths = [width(n, k, confidence) for k in range(n + 1)]
    if p is None:
        return max(widths)
    return sum(w * (share / p.denominator**n) for w, share in zip(widths, likely(n, p), strict=True))


def near(text: str, value: Fraction | float) -> bool:
    """Whether a number is a probability rounded to what is written; 0 and 1 are exact."""
    if text.startswith((">", "<")):
        return 0 < min(value, 1 - value) < 1e-9
    if text in ("0", "1"):
        return bool(value == int(text))
    return abs(Fraction(text) - Fraction(value)) <= Fraction(10) ** Decimal(text).as_tuple().exponent  # type: ignore[operator]


Asked = dict[str, Fraction | int | None]


def enough(asked: Asked, found: re.Match[str]) -> bool:
    first, onwards = (
        int(text.replace(",", "")) for text in (found["first"], found["onwards"] or found["first"])
    )
    p, bound, level, power = (Fraction(found[name]) for name in ("p", "bound", "level", "power"))
    given = tuple(asked[name] for name in ("p", "bound", "level", "power"))
    good = [n for n in range(1, MOST) if chance(n, p, bound, level) >= power]
    since = next(iter(n for n in range(1, MOST) if set(range(n, MOST)) <= set(good)), MOST)
    return (p, bound, level, power) == given and good[:1] == [first] and since == onwards


def narrow(asked: Asked, found: re.Match[str]) -> bool:
    n, half, confidence = int(found["n"]), Fraction(found["half"]), Fraction(found["confidence"]) / 100
    p = Fraction(found["p"]) if found["p"] else None
    same = (p, half, confidence) == (asked["p"], asked["half_width"], asked["confidence"])
    return same and wide(n, p, confidence) <= half and (n == 1 or wide(n - 1, p, confidence) > half)


def told(asked: Asked, found: re.Match[str]) -> bool:
    n, bound, level, power = int(found["n"]), *(Fraction(found[k]) for k in ("bound", "level", "power"))
    if found["none"]:
        return chance(n, Fraction(0), bound, level) < power and chance(n, Fraction(1), bound, level) < power
    if (n, bound) != (asked["trials"], asked["bound"]):
        return False
    for side, step, end in (("below", 1, 0), ("above", -1, 1)):
        if not found[side]:
            if chance(n, Fraction(end), bound, level) >= power:
                return False
            continue
        at = Fraction(found[side])
        closer = at + step * Fraction(2, 10**4)
        within = (closer - bound) * step < 0
        if chance(n, at, bound, level) < power or (within and chance(n, closer, bound, level) >= power):
            return False
    return True


def interval(asked: Asked, found: re.Match[str]) -> bool:
    n, confidence = int(found["n"]), Fraction(found["confidence"]) / 100
    if (n, confidence) != (asked["trials"], asked["confidence"]):
        return False
    if found["most"]:
        return 0 <= Fraction(found["most"]) - Fraction(wide(n, None, confidence)) < Fraction(1, 10**4)
    return asked["p"] == Fraction(found["p"]) and near(
        found["mean"], wide(n, Fraction(found["p"]), confidence)
    )


def power_at(asked: Asked, found: re.Match[str]) -> bool:
    n, p, bound, level = int(found["n"]), *(Fraction(found[k]) for k in ("p", "bound", "level"))
    same = (n, p, bound, level) == tuple(asked[k] for k in ("trials", "p", "bound", "level"))
    return same and near(found["chance"], chance(n, p, bound, level))


_TEST = r"\(exact one-sided test, error (?P<level>\S+), power (?P<power>\S+)\)"
FORMS: dict[str, tuple[str, Callable[[Asked, re.Match[str]], bool]]] = {
    "enough": (
        rf"(?P<first>[\d,]+) trials? tells? p = (?P<p>\S+) from (?P<bound>\S+) {_TEST}"
        r"(; with every number from (?P<onwards>[\d,]+) on \(the power is a sawtooth\))?",
        enough,
    ),
    "narrow": (
        r"(?P<n>\d+) trials? makes? the (?P<confidence>[\d.]+)% Clopper–Pearson interval at most ± (?P<half>\S+) "
        r"wide, (whatever comes out|on average at p = (?P<p>\S+))",
        narrow,
    ),
    "told": (
        r"(?P<n>\d+) trials? tells? ((?P<none>no p at all)|every p of (at most (?P<below>\S+))?( or )?(at least "
        rf"(?P<above>\S+))?) from (?P<bound>\S+) {_TEST}",
        told,
    ),
    "interval": (
        r"(?P<n>\d+) trials? gives? a (?P<confidence>[\d.]+)% Clopper–Pearson interval of (at most ± (?P<most>\S+), "
        r"whatever comes out|± (?P<mean>\S+) on average at p = (?P<p>\S+))",
        interval,
    ),
    "power_at": (
        r"(?P<n>\d+) trials? tells? p = (?P<p>\S+) from (?P<bound>\S+) with probability (?P<chance>.+) \(error "
        r"(?P<level>\S+)\)",
        power_at,
    ),
}


def refused(asked: Asked, line: str) -> str:
    for form, check in FORMS.values():
        found = re.fullmatch(form, line)
        if found is not None:
            singular = line.startswith("1 trial ") == bool(re.match(r"1 trial (tells|makes|gives) ", line))
            return "" if singular and check(asked, found) else f"not true: {line}"
    return f"no checker: {line}"


def lines(asked: Asked, capsys: pytest.CaptureFixture[str]) -> list[str]:
    parser = argparse.ArgumentParser()
    configure(parser)
    words = [
        word
        for name, value in asked.items()
        if value is not None
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    capsys.readouterr()
    execute(parser.parse_args(words))
    return capsys.readouterr().out.splitlines()


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    bound, p = (
        draw(st.sampled_from(SHARES[:6])),
        draw(st.sampled_from((None, Fraction(0), Fraction(1), *SHARES))),
    )
    level = draw(st.sampled_from(tuple(map(Fraction, ("1/100", "1/20", "1/8")))))
    found: Asked = {
        "p": p,
        "bound": bound,
        "level": level,
        "power": draw(st.sampled_from((SHARES[0], SHARES[-1]))),
    }
    found |= {"confidence": draw(st.sampled_from((Fraction(19, 20), Fraction("0.995")))), "half_width": None}
    found["trials"] = draw(st.integers(1, 30)) if draw(st.booleans()) else None
    if found["trials"] is None:
        far = p is not None and abs(p - bound) >= Fraction(1, 4)
        found["p"] = p if p is None or far else None
        found["half_width"] = (
            None if far else draw(st.sampled_from(tuple(map(Fraction, ("0.2", "1/3", "0.487")))))
        )
    return found


@given(questions())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_line_is_true(capsys: pytest.CaptureFixture[str], asked: Asked) -> None:
    said = lines(asked, capsys)
    assert said
    assert [why for why in (refused(asked, line) for line in said) if why] == []


def others(line: str) -> Iterator[str]:
    """The line with another number in each place that has one."""
    for place in re.finditer(r"(?<![\d./])\d+(\.\d+)?(?![\d/])", line):
        more = str(Decimal(place[0]) + (Decimal("0.01") if "." in place[0] else 1))
        yield f"{line[: place.start()]}{more}{line[place.end() :]}"


EVERY: tuple[Asked, ...] = (
    {"p": Fraction(9, 10), "bound": Fraction(1, 2), "level": Fraction(1, 100), "power": Fraction(19, 20)},
    {"p": None, "half_width": Fraction(1, 5), "confidence": Fraction(19, 20)},
    {
        **{
            "p": Fraction(9, 10),
            "bound": Fraction(1, 2),
            "level": Fraction(1, 100),
            "power": Fraction(19, 20),
        },
        **{"trials": 30, "confidence": Fraction(19, 20)},
    },
)


def test_every_form_is_met_and_refuses_other_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    met = set()
    for asked in EVERY:
        for line in lines(asked, capsys):
            assert refused(asked, line) == ""
            assert any(refused(asked, other).startswith("not true") for other in others(line)), line
            met |= {name for name, (form, _) in FORMS.items() if re.fullmatch(form, line)}
    assert met == set(FORMS)


def test_a_share_is_told_with_every_digit_and_no_chance_is_certain_but_at_the_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert lines({"p": Fraction("0.5001234567"), "trials": 9}, capsys)[-1].startswith(
        "9 trials tell p = 0.5001234567 from 0.5 with probability 0.00"
    )
    near_one = lines({"p": Fraction(3, 5), "trials": 5000}, capsys)[-1]
    assert near_one == "5,000 trials tell p = 0.6 from 0.5 with probability > 1 − 10⁻⁹ (error 0.01)"
    assert [line for line in lines({"p": Fraction(1, 2), "trials": 9}, capsys) if "tell p" in line] == []
