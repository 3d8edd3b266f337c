"""An algorithm in JSON's terms, and what stands for it where its function is not to be executed."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

from algorithms.algorithm import ROLES, Algorithm, require_name
from algorithms.parameters.ranges import Interval
from algorithms.parameters.signatures import EMPTY, Parameter, takes_any
from oracle.errors import BrokenFamily, InvalidValue

_TYPES: dict[str, type] = {t.__name__: t for t in (bool, int, float, str, type(None), tuple)}
_LONGEST = 200
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_FIRST = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in ("task", "rng")]
_REST = inspect.Parameter("rest", inspect.Parameter.VAR_KEYWORD)
_KINDS = {"InvalidValue": InvalidValue, "BrokenFamily": BrokenFamily}


class StandIn:
    """Stands for a plugin's function, whose signature and docstring it has; it is executed in other processes alone."""

    def __init__(self, docstring: str, parameters: list[Parameter], rest: bool) -> None:
        self.__doc__ = docstring
        own = [inspect.Parameter(p.name, _KEYWORD, default=p.default) for p in parameters]
        self.__signature__ = inspect.Signature([*_FIRST, *own, *([_REST] if rest else [])])
        self.__annotations__ = {p.name: _annotation(p) for p in parameters if _annotation(p) is not None}

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Refuse to be executed."""
        raise TypeError("a description of an algorithm is no algorithm")


class Other:
    """Stands for a value that JSON has no word for; its type bears the value's name."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _annotation(parameter: Parameter) -> Any:
    """Return an annotation from which `parameters_of` reads the types again, None where the default says them."""
    if not parameter.types:
        return Any if parameter.default not in (EMPTY, None) else None
    known = all(t in _TYPES.values() for t in parameter.types)
    return typing.Union[parameter.types] if known else None  # noqa: UP007


def write_algorithm(found: Algorithm) -> dict[str, Any]:
    """Return what an algorithm is but for its code, in JSON's terms."""
    return {
        "name": found.name,
        "role": found.role,
        "families": list(found.families),
        "requires": list(found.requires),
        "batched": bool(found.batched),
        "setting": [[name, _written(value)] for name, value in found.setting],
        "inner": list(found.inner),
        "ranges": [
            [name, [_written(r.low), _written(r.high), bool(r.above), bool(r.below)]]
            for name, r in found.ranges
        ],
        "sources": list(found.sources),
        "docstring": inspect.getdoc(found.function) or "",
        "parameters": [
            [p.name, _written(p.default), [t.__name__ for t in p.types]] for p in found.parameters.values()
        ],
        "rest": takes_any(found.function),
        "checks": found.check is not None,
        "over_reading": found.over_reading is not None,
    }


def read_algorithm(
    said: Any,
    check: Callable[[str, Mapping[str, Any]], None],
    over_reading: Callable[[str, Mapping[str, Any], int], float],
) -> Algorithm:
    """Return what stands for the algorithm that a child described.

    Parameters
    ----------
    check, over_reading : callable
        Ask a child in the algorithm's place, with its name first.

    Raises
    ------
    ValueError
        If no algorithm is described so.
    """
    try:
        name = _text(said["name"])
        require_name(name)
        parameters = [
            Parameter(_text(p), _read(default), tuple(_type(_text(t)) for t in types), "")
            for p, default, types in said["parameters"]
        ]
        if said["role"] not in ROLES:
            raise ValueError("no role")
        return Algorithm(
            name,
            StandIn(_text(said["docstring"]), parameters, bool(said["rest"])),
            said["role"],
            _texts(said["families"]),
            _texts(said["requires"]),
            bool(said["batched"]),
            tuple((_text(each), _read(value)) for each, value in said["setting"]),
            (lambda given, depth: over_reading(name, given, depth)) if said["over_reading"] else None,
            _texts(said["inner"]),
            tuple((_text(each), _interval(*ends)) for each, ends in said["ranges"]),
            (lambda given: check(name, given)) if said["checks"] else None,
            _texts(said["sources"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no algorithm is described so") from error


def write_error(error: InvalidValue) -> dict[str, Any]:
    """Return an error in JSON's terms."""
    name, value, rule, remedy = error.sentence
    kind = type(error).__name__ if type(error).__name__ in _KINDS else "InvalidValue"
    return {"refused": [kind, str(name), _written(value), str(rule), str(remedy)]}


def read_error(said: Any) -> InvalidValue | None:
    """Return the error that `write_error` wrote, None where it wrote none."""
    match said:
        case {"refused": [str() as kind, str() as name, value, str() as rule, str() as remedy]} if (
            kind in _KINDS
        ):
            return _KINDS[kind](name, _read(value), rule, remedy)
    return None


def write_values(given: Mapping[str, Any]) -> list[Any]:
    """Return parameters in JSON's terms."""
    return [[name, _written(value)] for name, value in given.items()]


def _written(value: Any) -> Any:
    if value is None or type(value) in (bool, str):
        return value
    if value is EMPTY:
        return {"empty": True}
    if isinstance(value, list | tuple):
        return {"tuple" if isinstance(value, tuple) else "list": [_written(each) for each in value]}
    try:
        if isinstance(value, int):
            return {"int": hex(int.__add__(value, 0))}
        if isinstance(value, float):
            return {"float": float.hex(value)}
        if type(value).__module__ == "numpy" and hasattr(value, "item") and value.ndim == 0:
            return _written(value.item())
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return {"other": [type(value).__name__, text[:_LONGEST].encode("utf-8", "replace").decode()]}


def _read(said: Any) -> Any:
    match said:
        case None | bool() | str():
            return said
        case {"empty": True}:
            return EMPTY
        case {"tuple": list() as items}:
            return tuple(_read(each) for each in items)
        case {"list": list() as items}:
            return [_read(each) for each in items]
        case {"int": str() as text}:
            return int(text, 16)
        case {"float": str() as text}:
            return float.fromhex(text)
        case {"other": [str() as kind, str() as text]}:
            return type(kind.replace("\0", "") or "object", (Other,), {})(text)
    raise ValueError("no value is written so")


def _type(name: str) -> type:
    return _TYPES.get(name) or type(name.replace("\0", "") or "object", (Other,), {})


def _interval(low: Any, high: Any, above: Any, below: Any) -> Interval:
    ends = _read(low), _read(high)
    if not all(isinstance(end, int | float) for end in ends):
        raise ValueError("an interval has numbers for ends")
    return Interval(*ends, bool(above), bool(below))


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise ValueError("no text")
    return said


def _texts(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise ValueError("no list of texts")
    return tuple(map(_text, said))
