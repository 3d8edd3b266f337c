"""What an algorithm is: one callable ``(task, rng, **parameters) -> output``, or its batched form."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from oracle.errors import InvalidOutput, InvalidValue

Function = Callable[..., Any]
_F = TypeVar("_F", bound=Function)
ROLES = ("", "baseline", "trainer", "solver", "control")


@dataclass(frozen=True, slots=True)
class Claim:
    """An output with the algorithm's own exit flag, which is recorded and never believed.

    Parameters
    ----------
    output : object
        The network, or whatever the problem's outputs are.
    converged : bool
        Whether the algorithm says that it succeeded.
    """

    output: Any
    converged: bool

    def __post_init__(self) -> None:
        if type(self.converged).__name__ not in ("bool", "bool_"):
            raise InvalidOutput(f"converged={self.converged!r}: a claim is True or False; pass a bool")


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A registered algorithm.

    Attributes
    ----------
    name : str
        How experiments and reports call it.
    function : callable
        ``(task, rng, **parameters) -> output`` or, if `batched`, ``(task, rngs, **parameters) -> outputs``.
    role : str
        "baseline", "trainer", "solver", "control" or "".
    families : tuple of str
        The problem families it can face; empty for all.
    requires : tuple of str
        Modules imported before the first trial (and before a process is forked for trials).
    batched : bool
        Whether it takes many generators at once. Its outputs must be what it gives for them one by one.
    """

    name: str
    function: Function
    role: str = ""
    families: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    batched: bool = False

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The keyword parameters after ``(task, rng)``, by name."""
        return dict(list(inspect.signature(self.function).parameters.items())[2:])

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def check_parameters(self, given: Mapping[str, Any]) -> None:
        """Raise `InvalidValue` for a parameter that does not exist or has another type than its default."""
        known = self.parameters
        if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in known.values()):
            return
        for name, value in given.items():
            if name not in known:
                offer = ", ".join(known) or "none"
                raise InvalidValue(name, value, f"{self.name} has no such parameter", f"it has: {offer}")
            default = known[name].default
            if default not in (inspect.Parameter.empty, None) and not _alike(value, default):
                kind = type(default).__name__
                raise InvalidValue(
                    name, value, f"{self.name} wants a value of type {kind}", f"such as {default!r}"
                )
        missing = [n for n, p in known.items() if p.default is inspect.Parameter.empty and n not in given]
        if missing:
            raise InvalidValue(missing[0], None, f"{self.name} needs this parameter", "give it a value")

    def digest(self) -> str:
        """Return the SHA-256 of the source file that defines it, or of its code where there is no file."""
        try:
            file = inspect.getsourcefile(self.function)
            source = Path(file).read_bytes() if file else b""
        except (OSError, TypeError):
            source = b""
        code = getattr(self.function, "__code__", None)
        return hashlib.sha256(source or (code.co_code if code else self.name.encode())).hexdigest()


def _alike(value: Any, default: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, Sequence) and not isinstance(default, str):
        return isinstance(value, list | tuple)
    return isinstance(value, type(default))


registered: dict[str, Algorithm] = {}


def algorithm(
    name: str,
    *,
    role: str = "",
    families: Sequence[str] = (),
    requires: Sequence[str] = (),
    batched: bool = False,
) -> Callable[[_F], _F]:
    """Register a function as an algorithm, and return it unchanged.

    Parameters
    ----------
    name : str
        A name without brackets, commas or colons.
    role, families, requires, batched
        See `Algorithm`.

    Raises
    ------
    InvalidValue
        If the name cannot be written in an experiment file, or the role is unknown.
    """
    if not name or set(name) & set("[]=,:; \n\t"):
        raise InvalidValue(
            "name", name, "must be non-empty, without brackets, commas, colons or spaces", "rename it"
        )
    if role not in ROLES:
        raise InvalidValue(
            "role", role, f"must be one of {', '.join(r for r in ROLES if r)}", "choose one, or none"
        )

    def register(function: _F) -> _F:
        if len(inspect.signature(function).parameters) < 2:
            raise InvalidValue(
                "function", function.__name__, "must take (task, rng)", "add the two parameters"
            )
        registered[name] = Algorithm(name, function, role, tuple(families), tuple(requires), batched)
        return function

    return register
