"""The analysis names no family, none of its parameters and no algorithm: what these are called is data to it.

Three rules, for every module and template of `analysis`:

1. What is looked up in parameters is never a name that the code knows.
2. No text is exactly such a name, but for the exceptions below, each for one file and with its reason.
3. No sentence and no identifier has such a name as a word, unless it is a word of English as well.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from algorithms.registry import shipped_names
from oracle.families import known_families

HOME = Path(__file__).resolve().parents[2] / "analysis"
MODULES, TEMPLATES = sorted(HOME.rglob("*.py")), sorted((HOME / "report" / "templates").iterdir())
PARAMETERS = {name for family in known_families().values() for name in inspect.signature(family).parameters}
NAMES = {*known_families(), *PARAMETERS, *shipped_names()}
ENGLISH = {
    *("a", "y"),  # an article, and an axis of a drawing
    *(
        "answers",
        "cost",
        "digits",
        "exponent",
        "feature",
        "free",
        "hidden",
        "limit",
        "points",
        "rule",
        "support",
    ),
    *(
        "tolerance",
        "training",
        "validation",
        "adam",
        "deeper",
        "hedge",
        "majority",
        "patient",
        "reader",
        "restarts",
    ),
    *("midpoint", "stable", "vertex"),
}
"""Names that are words as well: a sentence may have them, a look-up and a text of its own may not."""
EXCEPTIONS = {
    ("report/attack.py", "exponent"): "a key of summary['attack']['study'], an entry of the attack's plan",
    ("report/attack.py", "limit"): "another: whether ι⁰ is a member",
    ("report/limit.py", "limit"): "a key of a cell's `universal`: the name of ι⁰",
    ("figures/limit.py", "limit"): "the same",
    ("summary/limit.py", "limit"): "the same",
    ("summary/series.py", "limit"): "the same",
    ("summary/cell.py", "limit"): "a column of the table of cells: the name of ι⁰",
    ("figures/gallery.py", "limit"): "a figure, about the limit ι⁰",
    ("figures/gallery.py", "answers"): "a figure",
    ("figures/limit.py", "answers"): "a kind of axes",
    ("tables/rules.py", "rule"): "a key of a cell's `sequential`",
    ("summary/cell.py", "rule"): "the same",
    ("figures/frontier.py", "points"): "a noun, counted",
    ("figures/style.py", "y"): "an axis of a drawing",
    ("summary/curves.py", "midpoint"): "a key of a barrier's `smooth`",
    ("tables/barriers.py", "midpoint"): "the same",
}
"""By file and text why it stands there."""
WORDS = {
    ("report/latex_text.py", "kappa"): "a Greek letter",
    ("statistics/operating.py", "bisection"): "how a least number is searched for",
    ("statistics/power.py", "norm"): "the normal law, as SciPy calls it",
    ("statistics/smooth_fall.py", "norm"): "the same",
}
"""By file and word why it stands there."""
LOOKED_UP = {("figures/limit.py", "inner"): "what every algorithm that repeats another calls that other"}
"""What is looked up in parameters by a name: of an algorithm, and declared by `@algorithm(inner=…)`."""


def documentation(tree: ast.AST) -> set[int]:
    """The constants that are documentation: expressions that stand for themselves."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def looked_up(tree: ast.AST) -> Iterator[str]:
    """Texts by which parameters are asked for something: ``….parameters["x"]``, ``["parameters"].get("x")``, ``in``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and "parameters" in last(node.value):
            yield from constant(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if "parameters" in last(node.func.value):
                yield from (text for argument in node.args[:1] for text in constant(argument))
        elif isinstance(node, ast.Compare) and any("parameters" in last(part) for part in node.comparators):
            yield from constant(node.left)


def last(node: ast.AST) -> str:
    """The last word of an expression: the key or name by which its value was reached."""
    if isinstance(node, ast.Subscript):
        return " ".join(constant(node.slice))
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def constant(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def texts(node: ast.AST) -> list[str]:
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def words(text: str) -> set[str]:
    """The words of a text, with what hyphens and underscores join."""
    return {word.lower() for word in re.findall(r"[A-Za-z]+(?:[-_][A-Za-z]+)*", text)}


def faults(name: str, source: str) -> set[str]:
    """What a module says that it should not know."""
    tree = ast.parse(source)
    prose = documentation(tree)
    told = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]
    found = {
        f"{name} looks up {text!r} in parameters" for text in looked_up(tree) if (name, text) not in LOOKED_UP
    }
    found |= {f"{name} says {text!r}" for text in told if text in NAMES and (name, text) not in EXCEPTIONS}
    parts = [*told, *identifiers(tree), *(node.value for node in ast.walk(tree) if id(node) in prose)]
    had = {word for text in parts for word in words(text) & (NAMES - ENGLISH) if (name, word) not in WORDS}
    found |= {f"{name} has {word!r}" for word in had}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_no_module_names_a_family(path: Path) -> None:
    assert faults(str(path.relative_to(HOME)), path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_family(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert words(text) & (NAMES - ENGLISH) == set()
    quoted = set(
        re.findall(r"""["']([^"'\n]*)["']""", " ".join(re.findall(r"\{[{%].*?[%}]\}", text, re.DOTALL)))
    )
    assert quoted & NAMES == set()
    assert not re.search(r"parameters[.\[]", text)


def test_every_exception_is_still_needed() -> None:
    """What no longer stands there is no exception."""
    stale = {
        (name, text)
        for name, text in EXCEPTIONS
        if text not in texts(ast.parse((HOME / name).read_text(encoding="utf-8")))
    }
    assert stale == set()


@pytest.mark.parametrize(
    "line",
    [
        'value = cell["parameters"]["exponent"]',
        'value = cell["parameters"].get("answers")',
        'free = "free" in cell["parameters"]',
        'found = series(cells, "digits", least=3)',
        'if cell["family"] == "stability": pass',
        'if cell["algorithm_name"] == "random-depth": pass',
        'if cell["algorithm_name"] == "vertex": pass',
        'text = "the stability family"',
        "value = problem.kappa",
        "from onehalf.families.simplex import problem",
        '"""What linear-program problems say."""',
    ],
)
def test_a_name_that_is_added_is_seen(line: str) -> None:
    assert faults("prose/findings.py", line) != set()


def test_data_and_english_are_not() -> None:
    assert faults("prose/findings.py", 'value = cell["parameters"][axis["name"]]') == set()
    assert faults("prose/findings.py", 'text = "where the digits that are read end"') == set()
