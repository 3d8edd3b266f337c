"""Values on the wire to external programs (docs/protocol.md): exact numbers as text, tasks and outputs as JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from oracle.errors import InvalidOutput
from oracle.networks import Network
from oracle.numbers import Irrational
from oracle.problems import Facts, Input

_POWER_LIMIT = 10_000_000
_SHOWN = 60
_RATIONAL = re.compile(r"(-?\d+)(?:(/|\*)2\^(\d+)|/(\d+))?")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_HEX_FLOAT = re.compile(r"-?0[xX][0-9a-fA-F]+(\.[0-9a-fA-F]*)?[pP][+-]?\d+")
_LARGEST_WHOLE_FLOAT = 1 << 53
_SHORT_DIGITS, _SHORT_BITS = 600, 2000
_MARK = "whole number \x00"
_NUMERAL = re.compile(r'"whole number \\u0000(-?[0-9]+)"')


def write_dyadic(value: Fraction) -> str:
    """Return ``m/2^n`` in lowest terms, m in decimal; there is no limit to its length."""
    return f"{flint.fmpz(value.numerator)}/2^{value.denominator.bit_length() - 1}"


def write_facts(facts: Facts) -> dict[str, Any]:
    """Return what an algorithm may know as JSON values."""
    head = {"family": facts.family, "shape": facts.shape}
    fields = {f.name: getattr(facts, f.name) for f in dataclasses.fields(facts)}  # type: ignore[arg-type]
    fields |= {"members": facts.members, "probe": facts.probe, **head}
    return {name: _write(value) for name, value in (head | fields).items()}


def read_message(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line.

    Raises
    ------
    InvalidOutput
        If it is anything else.
    """
    try:
        message = json.loads(line, parse_int=_integer)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise not_a_message(line)
    return message


def write_message(message: dict[str, Any]) -> bytes:
    """Return one line of JSON, without its end; a whole number has any length."""
    try:
        text = json.dumps(message, separators=(",", ":"))
    except ValueError:
        # Python writes no decimal of more than 4,300 digits, and json.dumps leaves integers to it.
        text = json.dumps(_with_numerals(message), separators=(",", ":"))
        text = _NUMERAL.sub(lambda found: found[1], text)
    return text.encode()


def _with_numerals(value: Any) -> Any:
    """Return JSON values with each long integer as a text that says so."""
    if isinstance(value, dict):
        return {name: _with_numerals(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_numerals(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > _SHORT_BITS:
        return f"{_MARK}{flint.fmpz(value)}"
    return value


def shown(value: Any) -> str:
    """Return the beginning of a value of JSON as Python writes it, whatever its size."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} that holds a number too long to show"
    return text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


def not_a_message(line: bytes) -> InvalidOutput:
    """Return the error for a line that is no message."""
    start = line[:_SHOWN].decode(errors="replace") + ("…" if len(line) > _SHOWN else "")
    return InvalidOutput(
        f"line={start!r}: no message of the protocol (ask, read, read_exact, output or error in a JSON object); "
        "write anything else to standard error"
    )


def read_output(value: Any) -> Any:
    """Return an output: a network for ``{"network": [[W, b], …]}``, a tuple of numbers for a list.

    Raises
    ------
    InvalidOutput
        If it is anything else, or a number in it cannot be read.
    """
    if isinstance(value, dict) and set(value) == {"network"} and isinstance(value["network"], list):
        return Network([_layer(layer) for layer in value["network"]])
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return tuple(read_number(item) for item in value)
    raise InvalidOutput(
        f"output={_cut(value)}: no output of the protocol; "
        'write {"network": [[W, b], …]} for a network, a list of numbers for a point'
    )


def read_number(value: Any) -> float | int | Fraction:
    """Return a number: JSON numbers are float64 (whole ones exact), texts are exact.

    Texts are ``p``, ``p/q``, ``m/2^n``, ``m*2^n``, ``0.25``, and hexadecimal floats such as ``0x1.8p-3``.

    Raises
    ------
    InvalidOutput
        If it is none of these.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        if _HEX_FLOAT.fullmatch(value):
            return _hex_float(value)
        if _DECIMAL.fullmatch(value):
            whole, _, digits = value.partition(".")
            return Fraction(_integer(whole + digits), 10 ** len(digits))
        found = _RATIONAL.fullmatch(value)
        if found is not None and int(found[3] or 0) <= _POWER_LIMIT and _integer(found[4] or "1"):
            power = Fraction(1 << int(found[3] or 0))
            factor = power if found[2] == "*" else 1 / power
            return _integer(found[1]) * factor / _integer(found[4] or "1")
    raise InvalidOutput(f'number={_cut(value)}: no number of the protocol; write 0.25, "1/4" or "1/2^2"')


def _layer(layer: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    if not isinstance(layer, list) or len(layer) != 2 or not all(isinstance(part, list) for part in layer):
        raise InvalidOutput(f"layer={_cut(layer)}: a layer is [W, b]; write W as a list of rows, b as a list")
    weights, biases = layer
    if not all(isinstance(row, list) and len(row) == len(weights[0]) for row in weights):
        raise InvalidOutput(f"W={_cut(weights)}: a matrix is a list of rows of equal length; write it so")
    rows = [[read_number(x) for x in row] for row in weights]
    return _array(rows), _array([read_number(x) for x in biases])


def _array(values: list[Any]) -> np.ndarray[Any, Any]:
    """Return float64 where every number is one, else Fractions (an array of neither is no array of numbers)."""
    flat = np.array(values, dtype=object)
    if all(
        isinstance(x, float) or (isinstance(x, int) and abs(x) <= _LARGEST_WHOLE_FLOAT) for x in flat.flat
    ):
        return flat.astype(np.float64)
    return flat


def _integer(text: str) -> int:
    """Return a whole number of any length; Python reads none of more than 4,300 digits."""
    return int(text) if len(text) <= _SHORT_DIGITS else int(flint.fmpz(text))


def _hex_float(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError as error:
        raise InvalidOutput(f"number={text!r}: beyond the range of float64; write m*2^n") from error


def _cut(value: Any) -> str:
    try:
        text = json.dumps(value, default=str)
    except (ValueError, RecursionError):
        return shown(value)
    return text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


def _write(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction):
        return str(flint.fmpq(value.numerator, value.denominator))
    if isinstance(value, Irrational):
        return _write_irrational(value)
    if isinstance(value, Input):
        return {"name": value.name, "exponent": value.exponent}
    if isinstance(value, np.ndarray):
        return [_write(item) for item in value.tolist()]
    if isinstance(value, tuple | list):
        return [_write(item) for item in value]
    return str(value)


def _write_irrational(value: Irrational) -> str:
    """Return a sum of ``c*sqrt(q)^i*pi^j``; for a single term, without powers, as `parse_real` reads it."""
    terms = []
    for power, coefficient in enumerate(value.coefficients):
        root = [f"sqrt({value.theta.radicand})"] if value.theta.radicand != 1 else []
        circle = ["pi"] if value.theta.pi_power > 0 else ["(1/pi)"] if value.theta.pi_power < 0 else []
        factors = [*root * power, *circle * (abs(value.theta.pi_power) * power)]
        if coefficient:
            terms.append("*".join([_write(coefficient), *factors]))
    return " + ".join(terms)
