"""The parameters of an algorithm as its signature and docstring declare them: names, types, defaults, help."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oracle.errors import InvalidValue, meant

EMPTY = inspect.Parameter.empty
_SECTION = re.compile(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-+$|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^\S[^\n]*\n-+$|\Z", re.MULTILINE)
_ENTRY = re.compile(r"^(\w+(?:, \w+)*)(?: :[^\n]*)?\n((?:(?:[ \t]+[^\n]*)?\n)*)", re.MULTILINE)
_SENTENCE_END = re.compile(r"\.(?=\s+[A-Z])|;")


@dataclass(frozen=True)
class Parameter:
    """A keyword parameter after ``(task, rng)``.

    Attributes
    ----------
    name : str
    default : object
        `EMPTY` where it must be given.
    types : tuple of type
        What its values may be, by annotation or, without one, by the default's type; empty for anything.
    help : str
        The first sentence of its entry in the numpydoc docstring, or "".
    """

    name: str
    default: Any
    types: tuple[type, ...]
    help: str

    @property
    def kind(self) -> str:
        """Its types in words."""
        return " or ".join("None" if t is type(None) else t.__name__ for t in self.types) or "any"

    @property
    def listed(self) -> bool:
        """Whether a list is one value of it, so that a grid of values is a list of lists."""
        return any(issubclass(t, list | tuple) for t in self.types)

    def settle(self, owner: str, value: Any) -> Any:
        """Return a value in its canonical form: a tuple for a list, a float where floats are wanted.

        Raises
        ------
        InvalidValue
            If the value is of no type that the parameter takes.
        """
        frozen = _frozen(value)
        if not self.types or type(frozen) in self.types:
            return frozen
        if type(frozen) is int and float in self.types:
            return float(frozen)
        if type(frozen) is tuple and self.listed:
            return frozen
        example = "" if self.default in (EMPTY, None) else f", such as {self.default!r}"
        raise InvalidValue(
            self.name, value, f"{owner} wants a value of type {self.kind}", f"give one{example}"
        )


def parameters_of(function: Callable[..., Any]) -> dict[str, Parameter]:
    """Return the declared parameters after ``(task, rng)``, by name; ``**rest`` declares none."""
    declared = list(inspect.signature(function).parameters.values())[2:]
    described = dict(described_parameters(inspect.getdoc(function) or ""))
    hints = _hints(function)
    return {
        p.name: Parameter(
            p.name, p.default, _types(hints.get(p.name, EMPTY), p.default), described.get(p.name, "")
        )
        for p in declared
        if p.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    }


def takes_any(function: Callable[..., Any]) -> bool:
    """Tell whether a function takes keyword parameters that it does not declare."""
    return any(
        p.kind is inspect.Parameter.VAR_KEYWORD for p in inspect.signature(function).parameters.values()
    )


def settle(owner: str, function: Callable[..., Any], given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return given parameters, checked against the signature, sorted by name and in canonical form.

    Raises
    ------
    InvalidValue
        If one does not exist, has a wrong type, or is missing.
    """
    known = parameters_of(function)
    settled = {}
    for name, value in given.items():
        if name in known:
            settled[name] = known[name].settle(owner, value)
        elif takes_any(function):
            settled[name] = _frozen(value)
        else:
            offer = ", ".join(known) or "none"
            raise InvalidValue(
                name, value, f"{owner} has no such parameter", f"{meant(name, known)}it has: {offer}"
            )
    missing = [n for n, p in known.items() if p.default is EMPTY and n not in given]
    if missing:
        raise InvalidValue(missing[0], None, f"{owner} needs this parameter", "give it a value")
    return tuple(sorted(settled.items()))


def choices(function: Callable[..., Any], name: str, value: Any) -> list[Any]:
    """Return the values of one parameter of a grid: a list stands for its items.

    Where the parameter itself is a list, only a list of lists is a grid.
    """
    if not isinstance(value, list | tuple):
        return [value]
    parameter = parameters_of(function).get(name)
    if parameter is not None and parameter.listed and not any(isinstance(v, list | tuple) for v in value):
        return [value]
    if not value:
        raise InvalidValue(name, value, "a grid has at least one value", "write for example [1, 2]")
    return list(value)


def described_parameters(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield names and first sentences of the "Parameters" section of a numpydoc docstring."""
    for names, entry in parameter_entries(docstring):
        text = " ".join(entry.partition("\n")[2].split())
        for name in names:
            yield name, _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".")


def parameter_entries(docstring: str) -> Iterator[tuple[list[str], str]]:
    """Yield the entries of the "Parameters" section: the names that each describes, and its lines."""
    section = _SECTION.search(docstring + "\n")
    for entry in _ENTRY.finditer(section.group(1)) if section else ():
        yield entry.group(1).split(", "), entry.group().rstrip() + "\n"


def with_parameter_entries(docstring: str, entries: Iterable[str]) -> str:
    """Return the docstring with these entries as its "Parameters" section, the first of its sections."""
    bare = _SECTION.sub("", docstring + "\n")
    heading = _HEADING.search(bare)
    start = heading.start() if heading else len(bare)
    section = "Parameters\n----------\n" + "".join(entries)
    return "\n\n".join(part.strip("\n") for part in (bare[:start], section, bare[start:])).rstrip()


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list | tuple) else value


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return resolved annotations; none where one of them cannot be resolved."""
    try:
        return typing.get_type_hints(function)
    except (NameError, TypeError, AttributeError, SyntaxError):
        return {}


def _types(hint: Any, default: Any) -> tuple[type, ...]:
    if hint is EMPTY:
        return () if default in (EMPTY, None) else (type(_frozen(default)),)
    members = typing.get_args(hint) if _is_union(hint) else (hint,)
    found = tuple(_plain(member) for member in members)
    return tuple(dict.fromkeys(t for t in found if t)) if all(found) else ()


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _plain(member: Any) -> type | None:
    """Return the type of JSON values that an annotation stands for, or None for anything else."""
    origin = typing.get_origin(member) or member
    if origin is typing.Literal:
        return type(typing.get_args(member)[0])
    if origin in (bool, int, float, str, type(None)):
        return origin  # type: ignore[no-any-return]
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return tuple
    return None
