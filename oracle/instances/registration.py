"""A family of problems from a function that returns its instances."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from oracle.errors import InvalidValue
from oracle.facts import DEMAND, Axis
from oracle.instances.problem import InstanceProblem
from oracle.instances.stated import Instances

USUAL = (
    Axis("exponent", "e", "the inputs differing by 2⁻ᵉ"),
    Axis("digits", "K", "correct digits asked for", DEMAND),
)
"""Parameters that mean by their names what others may say with `axes`."""


def problem(
    name: str, *, axes: Sequence[Axis] | None = None, outputs: str = "solutions", theory: str = ""
) -> Callable[[Callable[..., Instances]], type[InstanceProblem]]:
    """Make a family of problems of a function that returns its instances, under the function's name.

    Parameters
    ----------
    name : str
        What the family calls itself: without brackets, commas, colons or spaces.
    axes : sequence of Axis, optional
        Parameters along which experiments vary; by default those of the function's that are called `exponent` (the
        inputs differ by 2^-exponent) and `digits` (the correct digits asked for).
    outputs : str
        What a right output is called in a headline, a plural noun.
    theory : str
        Where its mathematics is written down.

    Raises
    ------
    InvalidValue
        If the name cannot be one, the function's parameters are not all named, or an axis is none of them.
    """
    if not isinstance(name, str) or not name or set(name) & set("[]=,:; \n\t"):
        given = getattr(name, "__name__", name)
        rule = "a family's name is text without brackets, commas, colons or spaces"
        raise InvalidValue("name", given, rule, 'write @oh.problem("its-name")')

    def register(function: Callable[..., Instances]) -> type[InstanceProblem]:
        return stated_family(name, function, axes, outputs, theory)

    return register


def stated_family(
    name: str,
    function: Callable[..., Instances],
    axes: Sequence[Axis] | None = None,
    outputs: str = "solutions",
    theory: str = "",
    base: type[InstanceProblem] = InstanceProblem,
    **more: Any,
) -> type[InstanceProblem]:
    """Return the family of a function, a class with the function's name, module, parameters and docstring.

    Parameters
    ----------
    base : type
        What it derives from.
    more
        Further attributes of the class; else as for `problem`.
    """
    signature = inspect.signature(function)
    for each in signature.parameters.values():
        if each.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            rule = "has parameters without a name, and a record keeps them by name"
            raise InvalidValue("function", function.__name__, rule, "name each parameter, with a default")
    known = signature.parameters
    found = tuple(axis for axis in USUAL if axis.name in known) if axes is None else tuple(axes)
    for axis in found:
        if axis.name not in known:
            raise InvalidValue(
                "axes", axis.name, "is no parameter of the function", f"name one of {', '.join(known)}"
            )
    body = {
        "__module__": function.__module__,
        "__qualname__": function.__qualname__,
        "__doc__": inspect.getdoc(function),
        "__signature__": signature.replace(return_annotation=inspect.Signature.empty),
        "family": name,
        "function": staticmethod(function),
        "axes": found,
        "outputs": outputs,
        "theory": theory,
        "lists": tuple(p.name for p in known.values() if isinstance(p.default, list | tuple)),
        **more,
    }
    return type(function.__name__, (base,), body)
