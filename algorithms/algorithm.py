"""What an algorithm is: one callable ``(task, rng, **parameters) -> output``, or its batched form."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from algorithms.digests import shipped_digest, source_digest, source_files
from algorithms.parameters.ranges import Interval, check_ranges
from algorithms.parameters.signatures import Parameter, parameters_of, settle
from oracle.errors import InvalidClaim, InvalidValue
from oracle.families import families_of
from oracle.namespaces import executing, registering
from oracle.problems import Problem

Function = Callable[..., Any]
_F = TypeVar("_F", bound=Function)
SHIPPED = ("algorithms.baselines.", "algorithms.trainers.", "algorithms.solvers.", "onehalf.families.")
"""How the names of the modules begin that register what ships."""
ROLES = ("", "baseline", "trainer", "solver", "control", "combinator")


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
            raise InvalidClaim(f"converged={self.converged!r}: a claim is True or False; pass a bool")


@dataclass(frozen=True, slots=True)
class Abstain:
    """What an algorithm returns that gives no answer: an outcome of its own, never right and never wrong."""


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
        "baseline", "trainer", "solver", "control", "combinator" or "".
    families : tuple of str
        The families of problems, or the kinds of task (`oracle.facts`), that it is made for; empty for all.
    requires : tuple of str
        Modules imported before the first trial (and before a process is forked for trials).
    batched : bool
        Whether it takes many generators at once. Its outputs must be what it gives for them one by one.
    setting : tuple of (str, value)
        Parameters of the problems that it is made for, where they differ from the family's defaults: the
        conformance suite checks it there.
    over_reading : callable or None
        ``(parameters, depth) -> t``: the probability that it reads past a coupling of this depth, where that is known
        in closed form.
    inner : tuple of str
        Its parameters that name other algorithms, which are loaded with it.
    ranges : tuple of (str, Interval)
        Where its numeric parameters must lie (`algorithms.parameters.ranges`).
    check : callable or None
        Called with all parameters when an experiment is planned; raises `InvalidValue` if it cannot run with them.
    sources : tuple of str
        Absolute paths of data files on which its outputs depend, such as weights: its digest covers them.
    """

    name: str
    function: Function
    role: str = ""
    families: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    batched: bool = False
    setting: tuple[tuple[str, Any], ...] = ()
    over_reading: Callable[[Mapping[str, Any], int], float] | None = None
    inner: tuple[str, ...] = ()
    ranges: tuple[tuple[str, Interval], ...] = ()
    check: Callable[[Mapping[str, Any]], None] | None = None
    sources: tuple[str, ...] = ()

    @property
    def ships(self) -> bool:
        """Whether it ships with this program."""
        return str(getattr(self.function, "__module__", "")).startswith(SHIPPED)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The keyword parameters after ``(task, rng)``, by name."""
        return parameters_of(self.function)

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def settle(self, given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        """Return given parameters checked against the signature, sorted, in canonical form.

        Raises
        ------
        InvalidValue
            If one does not exist, has a wrong type, or is missing.
        """
        return settle(self.name, self.function, given)

    def plan(self, given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        """Return given parameters as `settle` does, and see to it that it can run with them.

        Raises
        ------
        InvalidValue
            Besides what `settle` refuses, if one is out of its range or `check` refuses them.
        """
        settled = self.settle(given)
        everything = {name: p.default for name, p in self.parameters.items()} | dict(settled)
        check_ranges(dict(self.ranges), everything)
        if self.check is not None:
            try:
                self.check(everything)
            except InvalidValue:
                raise
            except Exception as error:
                rule = f"its check of the parameters failed: {type(error).__name__}: {error}"
                raise InvalidValue("algorithm", self.name, rule, "correct the check") from error
        return settled

    def require_suited(self, problem: Problem) -> None:
        """Raise `InvalidValue` if it is made for other families of problems than this one's."""
        if self.families and not set(self.families) & set(families_of(problem)):
            raise InvalidValue(
                "algorithm",
                self.name,
                f"is made for {', '.join(self.families)}, not for {problem.family}",
                "choose another problem or algorithm",
            )

    def digest(self, *, installed: bool = False) -> str:
        """Return the SHA-256 of the source that defines it (`source_digest`, `shipped_digest`).

        A function that has a digest of its own, such as an external program, says it itself. Of a plugin that is
        `installed` the files of its package count, too.

        Raises
        ------
        InvalidValue
            If a data file that it declares can no longer be read.
        """
        if self.ships:
            return shipped_digest(self.function)
        own = getattr(self.function, "digest", None)
        if callable(own):
            return str(own())
        try:
            return source_digest(self.function, self.name, self.sources, installed=installed)
        except OSError as error:
            raise InvalidValue(
                "sources", error.filename, f"cannot be read ({error.strerror})", _DECLARE
            ) from error


shipped: dict[str, Algorithm] = {}
"""What ships, by name; modules enter themselves here when they are imported."""
registered: dict[str, Algorithm] = {}
"""What installed plugins and the running program registered, by name."""
_DECLARE = 'name files beside the plugin, as in sources=["weights.npz"]'


def algorithm(
    name: str,
    *,
    role: str = "",
    families: Sequence[str] = (),
    requires: Sequence[str] = (),
    batched: bool = False,
    setting: Mapping[str, Any] | None = None,
    over_reading: Callable[[Mapping[str, Any], int], float] | None = None,
    inner: Sequence[str] = (),
    ranges: Mapping[str, Interval] | None = None,
    check: Callable[[Mapping[str, Any]], None] | None = None,
    sources: Sequence[str] = (),
) -> Callable[[_F], _F]:
    """Register a function as an algorithm, and return it unchanged.

    Parameters
    ----------
    name : str
        A name without brackets, commas or colons.
    role, families, requires, batched, setting, over_reading, inner, ranges, check
        See `Algorithm`.
    sources : sequence of str
        Data files on which its outputs depend, relative to the file that registers it.

    Raises
    ------
    InvalidValue
        If the name cannot be written in an experiment file or is registered by the same file already, the role is
        unknown, or a source does not exist.
    """
    require_name(name)
    if role not in ROLES:
        raise InvalidValue(
            "role", role, f"must be one of {', '.join(r for r in ROLES if r)}", "choose one, or none"
        )

    def register(function: _F) -> _F:
        if not callable(function):
            raise InvalidValue(
                "function",
                function,
                "is no function",
                f'write @algorithm("{name}") above one that takes (task, rng)',
            )
        if len(inspect.signature(function).parameters) < 2:
            raise InvalidValue(
                "function", function.__name__, "must take (task, rng)", "add the two parameters"
            )
        made_for = tuple(sorted((setting or {}).items()))
        files = _declared(function, sources)
        made = Algorithm(
            name,
            function,
            role,
            tuple(families),
            tuple(requires),
            batched,
            made_for,
            over_reading,
            tuple(inner),
            tuple((ranges or {}).items()),
            check,
            files,
        )
        home = registering()
        # A file of the library may be imported while a user's is executed, and is none of its own.
        if made.ships:
            shipped[name] = made
        elif home is None:
            registered[name] = made
        elif name in home:
            raise InvalidValue(
                "name", name, "is registered twice in one file", "give each algorithm a name of its own"
            )
        else:
            home[name] = made
        return function

    return register


def require_name(name: Any) -> None:
    """Raise `InvalidValue` if an algorithm's name cannot be written in an experiment file."""
    if not isinstance(name, str):
        raise InvalidValue(
            "name", getattr(name, "__name__", name), "must be a string", 'write @algorithm("its-name")'
        )
    if not name or set(name) & set("[]=,:; \n\t"):
        raise InvalidValue(
            "name", name, "must be non-empty, without brackets, commas, colons or spaces", "rename it"
        )


def _declared(function: Function, sources: Sequence[str]) -> tuple[str, ...]:
    """Return the absolute paths of data files that an algorithm declares."""
    if isinstance(sources, str) or not all(isinstance(each, str) for each in sources):
        raise InvalidValue("sources", sources, "must be a list of paths", _DECLARE)
    if not sources:
        return ()
    written_in = executing() or next(iter(source_files(function)), None)
    folder = Path.cwd() if written_in is None else written_in.parent
    paths = [(folder / each).resolve() for each in sources]
    for written, path in zip(sources, paths, strict=True):
        if not path.is_file():
            raise InvalidValue("sources", written, f"is no file in {folder}", _DECLARE)
    return tuple(map(str, paths))
