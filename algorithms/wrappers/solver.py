"""An algorithm from a solver of one kind of instances, which takes plain arrays and knows nothing of oracles."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Claim, algorithm
from algorithms.parameters.ranges import NATURAL, Interval
from algorithms.parameters.signatures import parameter_entries, with_parameter_entries
from oracle.errors import InvalidValue
from oracle.instances.kinds import EXACTLY_KNOWN, KINDS, OF_ANOTHER
from oracle.task import Task

PLAIN, SHUFFLED = "plain", "shuffled"
_F = TypeVar("_F", bound=Callable[..., Any])
_COINS = "rng"
_READING = (
    "bits : int, optional\n    Binary digits read of each entry; by default as many as float64 carries there.\n",
    "present : str\n    How the data are shown: plain, or shuffled, rows and columns permuted by the trial's coins.\n",
)


def solver(
    name: str,
    *,
    kinds: Sequence[str],
    exact: bool = False,
    requires: Sequence[str] = (),
    sources: Sequence[str] = (),
    role: str = "solver",
    ranges: Mapping[str, Interval] | None = None,
) -> Callable[[_F], _F]:
    """Register a solver of a kind of instances, which runs on every family of that kind, and return it unchanged.

    Its parameters without a default are the data by name, such as ``(A, y, penalty)`` of LASSO: float64 arrays, each
    entry read to `bits` digits and rounded to nearest. One that is called ``rng`` is the trial's generator. The others
    are parameters of the algorithm. It returns x, or ``(x, status)`` with the bool by which it says that it succeeded.

    The algorithm has two parameters more. `bits` are the digits read, by default as many as float64 carries. With
    ``present="shuffled"`` rows and columns are permuted by the trial's coins, and so is x back: which column comes
    first is then a coin and not a constant. Only kinds whose solutions have an entry for each column are shuffled.

    Parameters
    ----------
    name : str
        How experiments and reports call it.
    kinds : sequence of str
        Such as "lasso" (docs/problems.md).
    exact : bool
        Whether it takes Fractions, in object arrays, instead of float64.
    requires, sources, role, ranges
        As for `algorithm`.

    Raises
    ------
    InvalidValue
        If a kind does not exist, or has no data of a name that the solver asks for.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InvalidValue("kinds", kind, "is no kind of instances", f"take of {', '.join(KINDS)}")
    if isinstance(kinds, str) or not kinds:
        raise InvalidValue("kinds", kinds, "names no kind", 'write for example kinds=["lasso"]')

    def register(function: _F) -> _F:
        _check_data(function, kinds)
        wrapped: Any = _wrapper(function, exact)
        wrapped.exact = exact
        within = {"bits": NATURAL, **(ranges or {})}
        register_algorithm = algorithm(
            name,
            role=role,
            families=kinds,
            requires=requires,
            sources=sources,
            check=_check_reading,
            ranges=within,
        )
        register_algorithm(wrapped)
        return function

    return register


def _data_of(function: Callable[..., Any]) -> list[str]:
    """Return the names of the data that a solver takes."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.default is inspect.Parameter.empty and p.name != _COINS]


def _check_data(function: Callable[..., Any], kinds: Sequence[str]) -> None:
    for kind in kinds:
        offered = (*KINDS[kind].axes, *EXACTLY_KNOWN.get(kind, ()))
        for name in _data_of(function):
            if kind not in OF_ANOTHER and kind != "declared" and name not in offered:
                rule = f"{function.__name__} takes it, and instances of kind {kind} have no such data"
                raise InvalidValue(
                    "data", name, rule, f"take of {', '.join(offered)}, or give the parameter a default"
                )


def _check_reading(parameters: Mapping[str, Any]) -> None:
    present = parameters["present"]
    if present not in (PLAIN, SHUFFLED):
        raise InvalidValue("present", present, f"must be {PLAIN} or {SHUFFLED}", "choose one")


def _wrapper(function: Callable[..., Any], exact: bool) -> Callable[..., Any]:
    """Return the algorithm that reads, calls a solver, and returns what it found."""
    data, coins = _data_of(function), _COINS in inspect.signature(function).parameters

    def solve(
        task: Task, rng: np.random.Generator, *, bits: int | None = None, present: str = PLAIN, **own: Any
    ) -> Any:
        parts, columns = _read(task, rng, bits, present, exact)
        missing = [name for name in data if name not in parts]
        if missing:
            rule = f"the solver takes it, and the data are {', '.join(parts)}"
            raise InvalidValue("data", missing[0], rule, "run it on another family")
        given = {name: parts[name] for name in data}
        found = function(**given, **({_COINS: rng} if coins else {}), **own)
        claimed = isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], bool | np.bool_)
        x = found[0] if claimed else found
        if columns is not None:
            x = _back(x, columns)
        return Claim(x, bool(found[1])) if claimed else x

    _describe(solve, function)
    return solve


def _describe(solve: Any, function: Callable[..., Any]) -> None:
    """Let an algorithm be the solver to whoever looks: name, place, docstring, and parameters."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    outer = inspect.signature(solve).parameters
    own = [
        p.replace(kind=keyword)
        for p in inspect.signature(function).parameters.values()
        if p.default is not inspect.Parameter.empty and p.name not in (_COINS, "bits", "present")
    ]
    asked = [outer[name] for name in ("bits", "present")]
    entries = [entry for _, entry in parameter_entries(inspect.getdoc(function) or "")]
    hints = {p.name: p.annotation for p in own if p.annotation is not inspect.Parameter.empty}
    solve.__doc__ = with_parameter_entries(inspect.getdoc(function) or "", [*entries, *_READING])
    solve.__signature__ = inspect.Signature([outer["task"], outer["rng"], *own, *asked])
    solve.__annotations__ = {**hints, "bits": int | None, "present": str}
    solve.__name__, solve.__qualname__ = function.__name__, function.__qualname__
    solve.__module__, solve.__wrapped__ = function.__module__, function


def _read(
    task: Task, rng: np.random.Generator, bits: int | None, present: str, exact: bool
) -> tuple[dict[str, Any], NDArray[np.intp] | None]:
    """Return the data by name, and the order of its columns where it was changed."""
    most = max(53 - task.facts.magnitude, 0)
    digits = min(most, getattr(task.facts, "precision", most)) if bits is None else bits
    parts = dict(task.facts.parts(list(task.read_exact(digits)[0])))  # type: ignore[attr-defined]
    sort: Any = object if exact else np.float64
    arrays = {name: _array(value, sort) for name, value in parts.items()}
    known = {name: _array(value, sort) for name, value in task.known}
    if present == PLAIN or task.answer != "columns":
        return {**arrays, **known}, None
    orders = {
        axis: rng.permutation(size)
        for axis, size in {
            axis: size for _, axes, shape in task.layout for axis, size in zip(axes, shape, strict=True)
        }.items()
    }
    for name, axes, _ in task.layout:
        for place, axis in enumerate(axes):
            arrays[name] = np.take(arrays[name], orders[axis], axis=place)
    return {**arrays, **known}, orders["columns"]


def _array(value: Any, sort: Any) -> Any:
    """Return a number, or an array; text and the like as it is."""
    if not isinstance(value, list | tuple):
        return value if sort is object else float(value)
    if isinstance(value, tuple) and len(value) == 0:
        return value
    return np.array(value, dtype=np.int64 if isinstance(value[0], int) else sort)


def _back(x: Any, columns: NDArray[np.intp]) -> Any:
    """Return a vector in the order in which the columns were before."""
    entries = list(x)
    if len(entries) != len(columns):
        return x
    found: list[Any] = [0] * len(entries)
    for place, column in enumerate(columns):
        found[int(column)] = entries[place]
    return found
