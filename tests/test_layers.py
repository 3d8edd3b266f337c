"""The plan of the house: who may import whom, no way back, no crowded room, one meaning for a name.

Every import is read, wherever it stands and also for types alone.
"""

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import onehalf as oh

HOME = Path(__file__).resolve().parents[1]
PACKAGES = ("oracle", "algorithms", "analysis", "onehalf")
MOST_FILES = 14

# What each room may import; a room not named here may import nothing of ours. Lower rooms first.
_BASE = ("algorithms.parameters", "algorithms.digests", "algorithms.processes")
_CORE = (*_BASE, "algorithms.algorithm", "algorithms.calling", "algorithms.programs", "algorithms.toolkit")
_PLUGINS = (
    *_CORE,
    "algorithms.library",
    "algorithms.described",
    "algorithms.registry",
    "algorithms.dependencies",
)
_NUMBERS = ("analysis.wording", "analysis.statistics")
_SUMMARY = (*_NUMBERS, "analysis.summary", "analysis.story")
_TEXTS = (*_SUMMARY, "analysis.prose", "analysis.tables")
_ANALYSIS = (*_TEXTS, "analysis.figures", "analysis.summarise", "analysis.report")
_ALGORITHMS = (
    *_PLUGINS,
    "algorithms.wrappers",
    "algorithms.trainers",
    "algorithms.baselines",
    "algorithms.solvers",
    "algorithms.conformance",
)
_RECORD = ("onehalf.plan", "onehalf.record")
_RUN = (*_RECORD, "onehalf.running")
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "algorithms.processes": (),
    "algorithms.parameters": ("oracle",),
    "algorithms.digests": ("oracle",),
    "algorithms.algorithm": ("oracle", *_BASE),
    "algorithms.calling": ("oracle", *_BASE, "algorithms.algorithm"),
    "algorithms.programs": ("oracle", *_BASE, "algorithms.algorithm"),
    "algorithms.toolkit": ("oracle", *_BASE, "algorithms.algorithm"),
    "algorithms.library": ("oracle", *_CORE),
    "algorithms.described": ("oracle", *_CORE, "algorithms.library"),
    "algorithms.registry": ("oracle", *_CORE, "algorithms.library", "algorithms.described"),
    "algorithms.dependencies": (*("oracle", *_CORE), "algorithms.library", "algorithms.registry"),
    "algorithms.wrappers": ("oracle", *_PLUGINS),
    "algorithms.trainers": ("oracle", *_PLUGINS, "algorithms.wrappers"),
    "algorithms.baselines": ("oracle", *_PLUGINS),
    "algorithms.solvers": ("oracle", *_PLUGINS, "algorithms.wrappers"),
    "algorithms.conformance": ("oracle", *_PLUGINS),
    "analysis.story": (),
    "analysis.wording": (),
    "analysis.statistics": ("analysis.wording",),
    "analysis.summary": (*_NUMBERS, "analysis.story"),
    "analysis.prose": _SUMMARY,
    "analysis.tables": _SUMMARY,
    "analysis.figures": _TEXTS,
    "analysis.summarise": _TEXTS,
    "analysis.report": _ANALYSIS,
    "onehalf.shadowing": (),
    "onehalf.streams": (),
    "onehalf.__main__": ("onehalf.cli",),
    "onehalf.verify_standalone": (),
    "onehalf.verify_audit": (),
    "onehalf.verify_instances": (),
    "onehalf.verify_kinds": (),
    "onehalf.verify_network": (),
    "onehalf.verify_regression": (),
    "onehalf.verify_vertex": (),
    "onehalf.auditing": ("oracle",),
    "onehalf.atlas": ("oracle", *_PLUGINS, "algorithms.solvers", *_ANALYSIS),
    "onehalf.proof": ("oracle", *_NUMBERS),
    "onehalf.plan": ("oracle", *_PLUGINS, *_NUMBERS),
    "onehalf.record": ("oracle", *_PLUGINS, *_ANALYSIS, "onehalf.plan"),
    "onehalf.running": ("oracle", *_PLUGINS, *_NUMBERS, *_RECORD),
    "onehalf.adversary": (
        *(
            "oracle",
            *_PLUGINS,
            "algorithms.conformance",
            *_ANALYSIS,
            *_RUN,
            "onehalf.proof",
            "onehalf.verify_standalone",
        ),
    ),
    "onehalf.comparing": ("oracle", *_PLUGINS, *_ANALYSIS, *_RECORD),
    "onehalf.explorable": ("oracle", *_PLUGINS, *_ANALYSIS, *_RECORD),
    "onehalf.reproduce": ("oracle", *_PLUGINS, *_RECORD, "onehalf.families"),
    "onehalf.cli": ("oracle", "algorithms.processes", "onehalf", "onehalf.streams"),
    "onehalf.options": (*("oracle", "algorithms.registry", "onehalf.cli"), *_ANALYSIS, *_RUN),
    "onehalf.commands": (
        *("oracle", *_ALGORITHMS, *_ANALYSIS, *_RUN),
        "onehalf.atlas",
        *(
            "onehalf.adversary",
            "onehalf.auditing",
            "onehalf.comparing",
            "onehalf.explorable",
            "onehalf.proof",
        ),
        "onehalf.options",
        *(
            "onehalf.cli",
            "onehalf.reproduce",
            "onehalf.verify_standalone",
            "onehalf.verify_audit",
            "onehalf.verify_instances",
            "onehalf.families",
        ),
    ),
    # A family may use another's problem; its own report is told by the analysis.
    "onehalf.families": ("oracle", *_ALGORITHMS, *_NUMBERS, *_RECORD, "onehalf.proof"),
    "onehalf.families.report": ("oracle", *_ANALYSIS),
    "onehalf": (
        "oracle",
        *_ALGORITHMS,
        *_ANALYSIS,
        *_RUN,
        "onehalf.shadowing",
        "onehalf.auditing",
        "onehalf.proof",
        "onehalf.families",
    ),
}
# A family's name is imported by the face and by what reproduces the paper; the command of stability is its own.
_MEET_FAMILIES = ("onehalf", "onehalf.reproduce", "onehalf.families", "onehalf.families.report")
_FAMILY_COMMANDS = ("onehalf.commands.stability",)
# Each command has the first two, each family's Coq file the third; main is every program's.
_SHARED_NAMES = {"configure", "execute", "bound_in_coq", "main"}


def imported(source: str) -> Iterator[str]:
    """Yield the dotted names that a source imports, wherever in it, also by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)


@cache
def modules() -> dict[str, Path]:
    """Return every module of the four packages, by name."""
    found = {}
    for package in PACKAGES:
        for file in sorted((HOME / package).rglob("*.py")):
            parts = file.relative_to(HOME).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def graph() -> dict[str, set[str]]:
    """Return for each module the modules of ours that it imports."""
    found: dict[str, set[str]] = {}
    for name, file in modules().items():
        named = {_module(text) for text in imported(file.read_text(encoding="utf-8"))}
        found[name] = {other for other in named if other and other != name}
    return found


def _module(text: str) -> str:
    """Return the module that an imported name is, or is in; "" for others' modules."""
    while text and text not in modules():
        text = text.rpartition(".")[0]
    return text


def room(module: str) -> str:
    """Return the row of the table to which a module belongs."""
    parts = module.split(".")
    if parts[0] == "oracle":
        return "oracle"
    if parts[:2] == ["onehalf", "families"]:
        return "onehalf.families.report" if "report" in parts else "onehalf.families"
    return ".".join(parts[:2])


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_run_downwards(module: str) -> None:
    home = room(module)
    allowed = {home, "oracle"} if home == "oracle" else {home, *MAY_IMPORT.get(home, ())}
    assert {other for other in graph()[module] if room(other) not in allowed} - _empty(module) == set()


def _empty(module: str) -> set[str]:
    """Return the packages' own modules, which hold nothing but a docstring; the face is imported by nobody."""
    return {other for other in graph()[module] if _is_bare(modules()[other])}


def _is_bare(file: Path) -> bool:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return file.name == "__init__.py" and all(isinstance(node, ast.Expr) for node in body)


def test_no_import_leads_back() -> None:
    """Kahn's algorithm: take away what imports nothing that is left; what stays is on a circle or leads to one."""
    left = {name: set(others) for name, others in graph().items()}
    while bare := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in bare}
    assert left == {}


def test_nobody_outside_a_family_imports_it() -> None:
    meet = {
        f"{module} imports {other}"
        for module, others in graph().items()
        for other in others
        if room(other).startswith("onehalf.families") and room(module) not in _MEET_FAMILIES
        if module not in _FAMILY_COMMANDS
    }
    assert meet == set()


def test_no_family_imports_another_but_its_problem_and_what_that_rests_on() -> None:
    strangers = {
        f"{module} imports {other}"
        for module, others in graph().items()
        for other in others
        if module.startswith("onehalf.families.") and other.startswith("onehalf.families.")
        if module.split(".")[2] != other.split(".")[2] and "report" in (*module.split("."), *other.split("."))
    }
    assert strangers == set()


def test_no_room_is_crowded() -> None:
    folders = {file.parent for file in modules().values()}
    counts = {str(f.relative_to(HOME)): sum(p.name != "__init__.py" for p in f.glob("*.py")) for f in folders}
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_the_tests_stand_in_the_rooms_of_what_they_test() -> None:
    """Beside the rooms: proofs, faults of all kinds, what goes through the whole program, the measure of tests."""
    folders = {file.parent.relative_to(HOME / "tests") for file in (HOME / "tests").rglob("test_*.py")}
    strangers = {str(folder) for folder in folders if not (HOME / folder / "__init__.py").exists()}
    assert strangers == {".", "faults", "mutation", "proofs", "whole"}
    counts = {str(folder): len(list((HOME / "tests" / folder).glob("test_*.py"))) for folder in folders}
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_folder_hides_a_public_name() -> None:
    """A folder onehalf/run would be what `oh.run` is as soon as it is imported."""
    folders = {path.name for path in (HOME / "onehalf").iterdir() if path.is_dir()}
    files = {path.stem for path in (HOME / "onehalf").glob("*.py")}
    assert (folders | files) & set(dir(oh)) == set()


def test_a_name_has_one_meaning() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for module, file in modules().items():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                homes[node.name].append(module)
    alone = {
        "onehalf.verify_standalone",
        "onehalf.verify_audit",
        "onehalf.verify_instances",
        "onehalf.verify_kinds",
        "onehalf.verify_network",
        "onehalf.verify_regression",
        "onehalf.verify_vertex",
    }  # second implementations share names with the first, and nothing else
    several = {name: places for name, places in homes.items() if len(set(places) - alone) > 1}
    assert {name: places for name, places in several.items() if name not in _SHARED_NAMES} == {}


def test_no_file_is_too_long_to_read_at_once() -> None:
    lengths = {m: len(file.read_text(encoding="utf-8").splitlines()) for m, file in modules().items()}
    # A referee reads one file, whatever its length.
    limits = {
        "onehalf.verify_standalone": 700,
        "onehalf.verify_audit": 740,
        "onehalf.verify_instances": 500,
        "onehalf.verify_kinds": 500,
        "onehalf.verify_network": 430,
    }
    assert {m: n for m, n in lengths.items() if n > limits.get(m, 400)} == {}


def test_the_walk_sees_imports_inside_functions() -> None:
    lines = ["import onehalf.plan", "from analysis import x", "importlib.import_module('oracle.task')"]
    source = "def f():\n" + "\n".join("    " + line for line in lines)
    assert list(imported(source)) == ["onehalf.plan", "analysis.x", "oracle.task"]
    assert [_module(name) for name in imported(source)] == ["onehalf.plan", "analysis", "oracle.task"]


def test_the_table_has_no_room_that_does_not_exist() -> None:
    rooms = {room(module) for module in modules()}
    named = set(itertools.chain(MAY_IMPORT, *MAY_IMPORT.values()))
    assert named <= rooms | {"oracle"}
