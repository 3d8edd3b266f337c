"""What a mutation may do: cosmic-ray's operators, and two that it has not, min for max and a statement dropped."""

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names

# Operators whose mutants are another program for the type checker rather than for a test, or none at all.
_LEFT_OUT = ("VariableInserter", "VariableReplacer", "ExceptionReplacer", "RemoveDecorator")


class MinimumMaximum(Operator):
    """Write `max` for `min`, and `min` for `max`, where they are called."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the place of each call."""
        if node.type == "name" and node.value in ("min", "max"):
            after = node.get_next_sibling()
            if after is not None and after.type == "trailer" and after.children[0].value == "(":
                yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the other name."""
        other = "max" if node.value == "min" else "min"
        return parso.python.tree.Name(other, node.start_pos, prefix=node.prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return one for each direction."""
        return Example("x = min(a, b)", "x = max(a, b)"), Example("x = max(a)", "x = min(a)")


class DroppedStatement(Operator):
    """Write `pass` for a statement that assigns, calls, raises, asserts or returns."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the place of each statement in a function."""
        kinds = ("expr_stmt", "atom_expr", "raise_stmt", "return_stmt", "assert_stmt")
        if (
            node.type == "simple_stmt"
            and node.children[0].type in kinds
            and parso.python.tree.search_ancestor(node, "funcdef")
        ):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the empty statement in its place."""
        dropped = node.children[0]
        node.children[0] = parso.python.tree.Keyword(
            "pass", dropped.start_pos, prefix=dropped.get_first_leaf().prefix
        )
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return two."""
        return (
            Example("def f():\n    x = 1\n", "def f():\n    pass\n"),
            Example("def f():\n    g(2)\n    return 1\n", "def f():\n    g(2)\n    pass\n", occurrence=1),
        )


OWN: dict[str, type[Operator]] = {
    operator.__name__: operator for operator in (MinimumMaximum, DroppedStatement)
}
NAMES = (*(name for name in sorted(operator_names()) if not any(left in name for left in _LEFT_OUT)), *OWN)


def operator(name: str) -> Operator:
    """Return the operator of this name."""
    found: Operator = OWN[name]() if name in OWN else get_operator(name)()
    return found


def kind(name: str) -> str:
    """Return what an operator does, whatever it replaces by what: operators of one kind at one place are variants."""
    return name.rpartition("/")[2].partition("_")[0]
