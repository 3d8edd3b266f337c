"""How numbers, inputs and cells are written for a reader."""

import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
RAISED = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴷᴺᵀ", "0123456789-+abcdefghijklmnoprstuvwxyzKNT", strict=True)
)
"""Raised characters, and what they stand for."""
FALLING = ("closeness", "demand")
"""Kinds of axes along which success falls: these place a cell in a sentence."""
_NEGLIGIBLE = 9


def iota(name: str) -> str:
    """An input's name as it is printed: ι¹ for "1"; any other name is kept, after the word input."""
    return "ι" + name.translate(_SUPERSCRIPTS) if name.isascii() and name.isdigit() else f"input {name}"


def cut(value: float | Decimal | Fraction, rounding: str, places: int) -> Decimal:
    """A number to decimal places (to tens and hundreds where these are negative), rounded as is said.

    The one function that rounds: whatever says "at least" asks it for `ROUND_FLOOR`, "at most" for `ROUND_CEILING`. The
    number is taken exactly as it is, also a fraction.
    """
    exact = Fraction(value) * Fraction(10) ** places
    if rounding == ROUND_HALF_EVEN:
        whole = round(exact)
    else:
        whole = math.floor(exact) if rounding == ROUND_FLOOR else math.ceil(exact)
    return Decimal(whole).scaleb(-places)


def rounded(
    value: float | Decimal | Fraction | None, rounding: str = ROUND_HALF_EVEN, places: int = 3
) -> str:
    """A number to three places; one of [0, 1] to more where three would read as exactly 0 or 1.

    In [0, 1] "0" and "1" stand for exactly 0 and 1 alone; a missing value is an en dash.
    """
    if value is None:
        return "–"
    if not 0 <= value <= 1:
        return f"{cut(value, rounding, places):f}"
    if value in (0, 1):
        return str(int(value))
    for digits in range(places, _NEGLIGIBLE + 1):
        found = cut(value, rounding, digits)
        if found not in (0, 1):
            return f"{found:f}"
    return "< 10⁻⁹" if value < 0.5 else "> 1 − 10⁻⁹"


def percent(share: float | Decimal | Fraction, rounding: str = ROUND_HALF_EVEN) -> str:
    """A share of [0, 1] as a percentage to one place, and to more where one would read as exactly 0% or 100%."""
    text = rounded(share, rounding)
    return f"{(Decimal(text) * 100).normalize():f}%" if text[0].isdigit() else text


def percent_at_least(share: float) -> str:
    """What a share of counts is at least, as a percentage: rounded down, 39/40 being 97.5%."""
    return percent(Decimal(repr(share)), ROUND_FLOOR)


def percent_at_most(share: float) -> str:
    """What a share of counts is at most, as a percentage: rounded up."""
    return percent(Decimal(repr(share)), ROUND_CEILING)


def interval_text(ends: Sequence[float], places: int = 3) -> str:
    """An interval, rounded outwards so that what is printed covers at least as much as what was computed."""
    return f"[{rounded(ends[0], ROUND_FLOOR, places)}, {rounded(ends[1], ROUND_CEILING, places)}]"


def at_least(value: float | Fraction, digits: int = 3) -> str:
    """What a number is at least, to some significant digits: rounded down."""
    return _significant(value, digits, ROUND_FLOOR)


def at_most(value: float | Fraction, digits: int = 3) -> str:
    """What a number is at most, to some significant digits: rounded up."""
    return _significant(value, digits, ROUND_CEILING)


def _significant(value: float | Fraction, digits: int, rounding: str) -> str:
    if not value:
        return "0"
    # A power of ten next to the number may be one of its own digits, never less than wanted.
    size = math.floor(math.log10(abs(float(value))))
    return f"{float(cut(value, rounding, digits - 1 - size)):.{digits}g}"


def p_text(p_value: float) -> str:
    """A p-value: three places, or at most two significant digits when it is below 0.001."""
    if p_value >= 0.001:
        return rounded(p_value)
    digits, exponent = f"{p_value:.1e}".split("e")
    return f"{digits.removesuffix('.0')}·{power_text(10, int(exponent))}"


def power_text(base: int, exponent: int) -> str:
    """A power with its exponent raised, such as 2⁻⁴⁰."""
    return f"{base}{str(exponent).translate(_SUPERSCRIPTS)}"


def number(value: int) -> str:
    """A count with a comma between thousands."""
    return f"{value:,}"


def fraction(successes: int, trials: int) -> str:
    """A count of successes and trials, such as 200/200."""
    return f"{successes}/{trials}"


def fraction_text(value: float) -> str:
    """A probability as a fraction where it is a simple one, such as 1/2 or 2/3."""
    simple = Fraction(value).limit_denominator(99)
    return str(simple) if abs(float(simple) - value) < 1e-12 else rounded(value)


def plural(value: int, one: str, many: str | None = None) -> str:
    """A count and its noun."""
    return f"{number(value)} {one if value == 1 else (many or one + 's')}"


def none_of(value: int, many: str) -> str:
    """None of several, such as "neither of 2 algorithms" and "none of 12 algorithms"."""
    return f"{'neither' if value == 2 else 'none'} of {number(value)} {many}"


def listing(items: Iterable[str], limit: int = 4) -> str:
    """Items in a sentence, at most `limit` of them by name."""
    names = list(items)
    if len(names) > limit:
        names = [*names[: limit - 1], f"{len(names) - limit + 1} more"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def value_text(value: object) -> str:
    """A parameter's value."""
    if isinstance(value, list | tuple):
        return "(" + ", ".join(value_text(item) for item in value) + ")"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {value_text(item)}" for key, item in value.items()) + "}"
    return "–" if value is None else str(value)


def setting(
    parameters: Mapping[str, Any], axes: Iterable[Mapping[str, Any]], names: Iterable[str] | None = None
) -> str:
    """Parameters that are present, such as "e = 53, K = 2", those of axes by their symbols.

    Parameters
    ----------
    parameters
        Of a problem, by name.
    axes
        Its axes, as a cell of the summary has them.
    names
        Which parameters are told; by default those of the axes along which success falls.
    """
    symbols = {axis["name"]: axis["symbol"] for axis in axes}
    told = [axis["name"] for axis in axes if axis["kind"] in FALLING] if names is None else names
    present = (name for name in told if name in parameters)
    return ", ".join(f"{symbols.get(name, name)} = {value_text(parameters[name])}" for name in present)


def budgets_told(budgets: Sequence[tuple[int | None, float | None]]) -> list[str]:
    """Each budget of digits and seconds in words, of these what is not the same in all: "50 digits", else empty."""
    names = ("digit", "second")
    differ = [len({budget[at] for budget in budgets}) > 1 for at in range(len(names))]
    return [
        ", ".join(
            _amount(value, name) for value, name, told in zip(budget, names, differ, strict=True) if told
        )
        for budget in budgets
    ]


def _amount(value: float | None, name: str) -> str:
    if value is None:
        return f"any number of {name}s"
    return plural(value, name) if isinstance(value, int) else f"{value:g} {name}{'s' * (value != 1)}"


def place_of(cell: Mapping[str, Any], names: Iterable[str] | None = None) -> str:
    """The setting of a cell in words, with its budget where cells differ in it: "e = 53, 50 digits"."""
    return ", ".join(
        part for part in (setting(cell["parameters"], cell["axes"], names), cell["budget"]) if part
    )


def where(cell: Mapping[str, Any]) -> str:
    """A cell of the summary in words: "adam under decoy at e = 53"."""
    place = place_of(cell)
    return f"{cell['algorithm']} under {cell['oracle']}" + (f" at {place}" if place else "")


def theorem_text(name: str) -> str:
    """A bound's theorem in words; the limit game of docs/problems.md, written "4" in a summary, is no Theorem 4.

    >>> theorem_text("3"), theorem_text("4")
    ('Theorem 3', 'the limit game')
    """
    return "the limit game" if name == "4" else f"Theorem {name}"


def shell_word(word: object) -> str:
    """A word as a POSIX shell takes it."""
    return shlex.quote(str(word))
