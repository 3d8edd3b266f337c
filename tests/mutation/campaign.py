"""Each mutant meets the tests that see its line, in a copy of the tree; what comes of it is kept line by line."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.mutants import Mutant
from tests.mutation.seen import Seen
from tests.mutation.spine import HOME
from tests.mutation.trial import ended

# Seconds of tests that one mutant may cost, by their own measure; the shortest come first, what is left out is told.
BUDGET = 45.0


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of a mutant: `killed` by which test, `survived`, or `unseen` by every test."""

    mutant: Mutant
    outcome: str
    key: str
    by: str = ""
    tests: int = 0
    left_out: int = 0

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self))


def fates(path: Path) -> list[Fate]:
    """Return what a file of a campaign holds; a last line that was cut off does not count."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        found.append(Fate(**{**entry, "mutant": Mutant(**entry["mutant"])}))
    return found


def run(mutants: Iterable[Mutant], seen: Seen, folder: Path, workers: int) -> Iterator[Fate]:
    """Try mutants, those that the folder already knows not again, and yield what comes of each as it ends."""
    record = folder / "fates.jsonl"
    known = {fate.mutant: fate for fate in fates(record)}
    mutants = list(mutants)
    yield from (known[mutant] for mutant in mutants if mutant in known)
    left = [mutant for mutant in mutants if mutant not in known]
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(min(workers, len(left))):
        trees.put(_copied(folder / f"tree{number}"))
    with record.open("a", encoding="utf-8") as ledger, ThreadPoolExecutor(workers) as pool:
        for fate in pool.map(lambda mutant: _tried(mutant, seen, trees), left):
            ledger.write(fate.line() + "\n")
            ledger.flush()
            yield fate


def _copied(target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=HOME, capture_output=True, text=True, check=True
    ).stdout
    for name in listed.split("\0"):
        if name and (HOME / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOME / name, target / name)
    return target


def _tried(mutant: Mutant, seen: Seen, trees: "SimpleQueue[Path]") -> Fate:
    every = seen.tests(mutant.path, mutant.line)
    if not every:
        return Fate(mutant, "unseen", mutant.key)
    chosen, spent = [], 0.0
    for name in every:
        spent += seen.seconds.get(name, 0.0)
        if chosen and spent > BUDGET:
            break
        chosen.append(name)
    tree = trees.get()
    try:
        by = _killed_by(mutant, chosen, tree, 60 + 5 * BUDGET)
    finally:
        shutil.copy2(HOME / mutant.path, tree / mutant.path)
        trees.put(tree)
    return Fate(mutant, "killed" if by else "survived", mutant.key, by, len(chosen), len(every) - len(chosen))


def _killed_by(mutant: Mutant, tests: list[str], tree: Path, seconds: float) -> str:
    (tree / mutant.path).write_text(mutant.source(), encoding="utf-8")
    status, printed = ended(tree, tests, seconds)
    if status is None:
        return f"no end within {seconds:.0f} s"
    if status == 0:
        return ""
    failed = [line for line in printed.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else f"pytest: exit status {status}"
