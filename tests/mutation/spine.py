"""The spine: files whose faults would make a record or a sentence untrue, the tests that look at them, and the aims."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the spine.

    Parameters
    ----------
    name : str
        As the table calls it.
    places : tuple of str
        Files, and folders with all files in them.
    aim : float
        The share of its mutants, without the equivalent ones, that tests should notice.
    rooms : tuple of str
        The tests that look at it from near by; tests of the whole program would notice late and cost most.
    """

    name: str
    places: tuple[str, ...]
    aim: float
    rooms: tuple[str, ...]

    def files(self) -> list[str]:
        """Return the paths of its files, from the root of the tree, in order."""
        found = [HOME / place for place in self.places if place.endswith(".py")]
        found += [
            path
            for place in self.places
            for path in (HOME / place).rglob("*.py")
            if not place.endswith(".py")
        ]
        return sorted(str(path.relative_to(HOME)) for path in found)


_RECORD = ("tests/onehalf/record", "tests/onehalf/plan", "tests/whole/test_release_0_1.py")
SPINE = (
    Part("oracle", ("oracle",), 0.9, ("tests/oracle", "tests/onehalf/proof", "tests/onehalf/running")),
    Part(
        "verifier",
        (
            *("onehalf/verify_standalone.py", "onehalf/verify_instances.py", "onehalf/verify_kinds.py"),
            "onehalf/verify_regression.py",
            "onehalf/verify_vertex.py",
            "onehalf/verify_network.py",
            "onehalf/verify_audit.py",
        ),
        0.9,
        (
            *("tests/onehalf/adversary", "tests/onehalf/auditing", "tests/onehalf/proof"),
            *("tests/oracle/instances", "tests/oracle/test_independent.py"),
        ),
    ),
    Part("statistics", ("analysis/statistics",), 0.9, ("tests/analysis/statistics",)),
    Part("record", ("onehalf/record",), 0.9, _RECORD),
    Part("runner", ("onehalf/running",), 0.8, ("tests/onehalf/running", *_RECORD)),
    Part("attack", ("onehalf/adversary",), 0.8, ("tests/onehalf/adversary",)),
    Part(
        "sentences",
        ("analysis/prose", "analysis/wording.py", "analysis/summary"),
        0.8,
        (
            *("tests/analysis/summary", "tests/analysis/prose", "tests/analysis/test_wording.py"),
            *("tests/analysis/statistics", "tests/analysis/test_story.py"),
        ),
    ),
)


def rooms_of(parts: Sequence[Part]) -> list[str]:
    """Return the tests that look at some parts, each room once."""
    return list(dict.fromkeys(room for part in parts for room in part.rooms))


# What runs in processes that no coverage follows, and the tests that look at it.
ELSEWHERE = {
    "onehalf/running/sealed/": (
        "tests/onehalf/running/sealed/test_sealed.py",
        "tests/onehalf/running/test_clean.py",
    ),
    "onehalf/running/stretch.py": (
        "tests/onehalf/running/test_hostile.py",
        "tests/onehalf/running/test_batches.py",
    ),
    "onehalf/running/trial.py": (
        "tests/onehalf/running/test_hostile.py",
        "tests/onehalf/running/test_batches.py",
    ),
}


def elsewhere(path: str) -> list[str]:
    """Return the files of tests that look at a file which runs in processes of its own."""
    return [test for place, tests in ELSEWHERE.items() if path.startswith(place) for test in tests]


def part_of(path: str) -> Part:
    """Return the part of the spine that a file belongs to."""
    return next(part for part in SPINE if path in part.files())
