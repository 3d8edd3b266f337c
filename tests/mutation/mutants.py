"""All mutants of the spine, and a sample of them that depends on a seed alone."""

import ast
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation.operators import NAMES, kind, operator
from tests.mutation.spine import HOME

Span = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: the `occurrence`-th place at which the operator can act, at this line and column."""

    path: str
    operator: str
    occurrence: int
    line: int
    column: int

    @property
    def key(self) -> str:
        """The line that changed and the line it became, by which a list of equivalent mutants names it."""
        before = (HOME / self.path).read_text(encoding="utf-8").splitlines()
        after = self.source().splitlines()
        new = after[self.line - 1] if len(after) >= self.line else ""
        return f"{before[self.line - 1].strip()} -> {new.strip()}"

    def source(self) -> str:
        """Return the file as the mutation makes it."""
        code = (HOME / self.path).read_text(encoding="utf-8")
        changed: str | None = mutate_code(code, operator(self.operator), self.occurrence)
        if changed is None:
            raise ValueError(f"{self}: the file has no such place")
        return changed


def mutants_of(path: str) -> list[Mutant]:
    """Return every mutant of a file, but those in annotations, which change no behaviour."""
    code = (HOME / path).read_text(encoding="utf-8")
    quiet = list(_quiet(ast.parse(code)))
    found = []
    nodes = list(ast_nodes(get_ast(code)))
    for name in NAMES:
        acts = operator(name).mutation_positions
        places = (place for node in nodes for place in acts(node))
        for occurrence, (start, _) in enumerate(places):
            if not any(first <= start < last for first, last in quiet):
                found.append(Mutant(path, name, occurrence, *start))
    return found


def sampled(paths: Sequence[str], number: int, seed: int) -> list[Mutant]:
    """Draw mutants: first a place and a kind of change, each with the same chance, then one of its variants.

    An arithmetic sign has ten variants and a dropped statement one: mutants drawn by number would nearly all be signs.
    """
    groups: dict[tuple[str, int, int, str], list[Mutant]] = defaultdict(list)
    for path in sorted(paths):
        for mutant in mutants_of(path):
            groups[path, mutant.line, mutant.column, kind(mutant.operator)].append(mutant)
    coins = random.Random(seed)
    keys = sorted(groups)
    return [coins.choice(groups[key]) for key in coins.sample(keys, min(number, len(keys)))]


def _quiet(tree: ast.Module) -> Iterator[Span]:
    for node in ast.walk(tree):
        notes: list[ast.expr | ast.stmt | None] = []
        match node:
            case ast.AnnAssign(annotation=annotation):
                notes = [annotation]
            case (
                ast.FunctionDef(args=arguments, returns=returns)
                | ast.AsyncFunctionDef(args=arguments, returns=returns)
            ):
                every = [
                    *arguments.posonlyargs,
                    *arguments.args,
                    *arguments.kwonlyargs,
                    arguments.vararg,
                    arguments.kwarg,
                ]
                notes = [returns, *(argument.annotation for argument in every if argument is not None)]
            case ast.ClassDef(decorator_list=decorators):
                notes = [*decorators]
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body):
                notes = [*body]
        for note in notes:
            if note is not None and note.end_lineno is not None and note.end_col_offset is not None:
                yield (note.lineno, note.col_offset), (note.end_lineno, note.end_col_offset)
