"""A family of problems that is data: a TOML or JSON file of instances whose numbers may depend on parameters."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue
from oracle.instances.kinds import EXACTLY_KNOWN, KINDS, OF_ANOTHER
from oracle.instances.problem import InstanceProblem
from oracle.instances.registration import stated_family
from oracle.instances.stated import Instances
from oracle.sources import at_hand

SUFFIXES = (".toml", ".json")
_TOP = ("name", "about", "digits", "norm", "parameters", "instances", "limit", "converging")
_LIMIT = "limit"
_CERTIFICATES = ("dual", "eigenvector", "entries", "point", "refutation", "vectors")
_REMEDY = "write numbers, texts such as 1/4, or sums and products such as 1 + 2^-exponent"
_LARGEST_POWER = 1 << 20
_known: dict[tuple[str, str], type[InstanceProblem]] = {}


class StatedByData(InstanceProblem):
    """A family whose instances stand in a file of data."""

    data_file: str
    data_digest: str

    def __reduce__(self) -> tuple[Any, ...]:
        return remake_from_data, (self.data_file, self.data_digest, self.parameters())


def family_from_data(path: Path, digest: str = "") -> type[InstanceProblem]:
    """Return the family that a file of data states.

    It has the parameter `digits` and those of the table ``[parameters]``, with their values there as defaults; where
    there is a table ``[limit]``, also `limit`, by default true: whether the limit is a member.

    Parameters
    ----------
    path : Path
        A ``.toml`` or ``.json`` file.
    digest : str
        The SHA-256 that it must have; "" for whatever it is now.

    Raises
    ------
    InvalidValue
        If it cannot be read, something in it is misspelt, or it has changed.
    """
    file = at_hand(path).resolve()
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InvalidValue(
            "problem", str(path), f"cannot be read ({error.strerror})", "check the path"
        ) from error
    found = hashlib.sha256(body).hexdigest()
    if digest and digest != found:
        rule = f"has changed: its SHA-256 is {found[:12]}…, not {digest[:12]}…"
        raise InvalidValue("problem", str(file), rule, "put back the file that ran")
    if (str(file), found) not in _known:
        _known[str(file), found] = _family(file, found, _parsed(path, body))
    return _known[str(file), found]


def remake_from_data(file: str, digest: str, parameters: Mapping[str, Any]) -> InstanceProblem:
    """Return a problem of the family in a file of data, which must not have changed."""
    return family_from_data(Path(file), digest)(**parameters)


def _parsed(path: Path, body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
        if path.suffix == ".json":
            found = json.loads(text, parse_float=_decimal)
        else:
            found = tomllib.loads(text, parse_float=_decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(
            "problem", str(path), f"is no {path.suffix[1:].upper()} ({error})", "correct it"
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("instances"), list):
        raise InvalidValue("problem", str(path), "has no list of instances", "write [[instances]]")
    for name in found:
        if name not in _TOP:
            raise InvalidValue(
                name, found[name], f"{path.name} has no such entry", f"it has {', '.join(_TOP)}"
            )
    return found


def _decimal(text: str) -> Fraction:
    """Return a decimal as it is written: 0.1 is 1/10."""
    return Fraction(text)


def _family(file: Path, digest: str, written: Mapping[str, Any]) -> type[InstanceProblem]:
    name = written.get("name", file.stem)
    given = written.get("parameters", {})
    whole = isinstance(given, dict) and all(type(v) is int and k.isidentifier() for k, v in given.items())
    if not whole or {"digits", _LIMIT} & set(given):
        rule = "are whole numbers by name, other than digits and limit, which stand above"
        raise InvalidValue("parameters", given, rule, "write for example exponent = 53")
    limited = _LIMIT in written
    if "converging" in written and not limited:
        rule = "says to which instance each converges, and there is no limit"
        raise InvalidValue(
            "converging", written["converging"], rule, "write a table [limit], or leave it out"
        )
    defaults = {**given, "digits": written.get("digits", 1)} | ({_LIMIT: True} if limited else {})

    def stated(**values: int) -> Instances:
        members = [_instance(entry, values) for entry in written["instances"]]
        more: dict[str, Any] = {}
        if values.get(_LIMIT):
            more = {_LIMIT: _instance(written[_LIMIT], values), "converging": _places(written)}
        return Instances(members, digits=values["digits"], norm=written.get("norm", "max"), **more)

    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(n, keyword, default=value) for n, value in defaults.items()]
    stated.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    stated.__doc__ = written.get("about", f"The instances of {file.name}.")
    stated.__name__ = stated.__qualname__ = re.sub(r"\W", "_", str(name))
    return stated_family(name, stated, base=StatedByData, data_file=str(file), data_digest=digest)


def _places(written: Mapping[str, Any]) -> tuple[int, ...]:
    found = written.get("converging", [])
    if not isinstance(found, list) or not all(type(to) is int for to in found):
        raise InvalidValue("converging", found, "is no list of whole numbers", "write for example [0, 1]")
    return tuple(found)


def _instance(entry: Any, values: Mapping[str, int]) -> Any:
    """Return an instance from a table with its kind, its data and its certificate."""
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidValue("kind", kind, "is no kind of instances", f"write one of {', '.join(KINDS)}")
    made = KINDS[kind]
    allowed = list(inspect.signature(made).parameters)
    given = {}
    for name, value in entry.items():
        if name == "kind":
            continue
        if name not in allowed:
            raise InvalidValue(
                name, value, f"an instance of kind {kind} has no such entry", f"it has {', '.join(allowed)}"
            )
        numbers = name in (*made.axes, *EXACTLY_KNOWN.get(kind, ()), *_CERTIFICATES)
        given[name] = _numbers(name, value, values) if numbers else value
    if kind in OF_ANOTHER:
        given["of"] = _instance(entry.get("of"), values)
    missing = [
        p.name
        for p in inspect.signature(made).parameters.values()
        if p.default is p.empty and p.name not in given
    ]
    if missing:
        raise InvalidValue(
            missing[0], None, f"an instance of kind {kind} needs it", f"write {missing[0]} = …"
        )
    return made(**given)


def _numbers(name: str, value: Any, values: Mapping[str, int]) -> Any:
    if isinstance(value, list):
        return [_numbers(name, item, values) for item in value]
    if isinstance(value, dict):
        return {key: _numbers(key, item, values) for key, item in value.items()}
    if isinstance(value, str):
        return expression(name, value, values)
    return value


def expression(name: str, text: str, values: Mapping[str, int]) -> Fraction:
    """Return the rational of a sum or product of numbers, names of parameters and powers, such as ``1 + 2^-exponent``.

    Raises
    ------
    InvalidValue
        If it is none.
    """
    try:
        return _evaluated(
            ast.parse(text.replace("^", "**"), mode="eval").body, text.replace("^", "**"), values
        )
    except (SyntaxError, ValueError, KeyError, ZeroDivisionError, RecursionError) as error:
        raise InvalidValue(name, text, f"is no rational number ({error})", _REMEDY) from error


def _evaluated(node: ast.expr, text: str, values: Mapping[str, int]) -> Fraction:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.Name):
        return Fraction(values[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _evaluated(node.operand, text, values)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        left, right = (_evaluated(side, text, values) for side in (node.left, node.right))
        if isinstance(node.op, ast.Pow):
            if right.denominator != 1 or abs(right) > _LARGEST_POWER:
                raise ValueError("an exponent is a whole number")
            return left ** int(right)
        if isinstance(node.op, ast.Add | ast.Sub):
            return left + right if isinstance(node.op, ast.Add) else left - right
        if isinstance(node.op, ast.Mult | ast.Div):
            return left * right if isinstance(node.op, ast.Mult) else left / right
    raise ValueError("something else than numbers, names and + - * / ^")
