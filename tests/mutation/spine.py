"""The spine: files whose faults would make a record or a sentence untrue, the tests that look at them, and the aims."""

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
    """

    name: str
    places: tuple[str, ...]
    aim: float

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


SPINE = (
    Part("oracle", ("oracle",), 0.9),
    Part(
        "verifier",
        (
            *("onehalf/verify_standalone.py", "onehalf/verify_instances.py", "onehalf/verify_kinds.py"),
            "onehalf/verify_regression.py",
            "onehalf/verify_audit.py",
        ),
        0.9,
    ),
    Part("statistics", ("analysis/statistics",), 0.9),
    Part("record", ("onehalf/record",), 0.9),
    Part("runner", ("onehalf/running",), 0.8),
    Part("attack", ("onehalf/adversary",), 0.8),
    Part("sentences", ("analysis/prose", "analysis/wording.py", "analysis/summary"), 0.8),
)

# Rooms of tests that look at the spine from near by; tests of the whole program would notice late and cost most.
ROOMS = (
    "tests/oracle",
    "tests/analysis/statistics",
    "tests/analysis/summary",
    "tests/analysis/prose",
    "tests/analysis/test_wording.py",
    "tests/analysis/test_story.py",
    "tests/onehalf/record",
    "tests/onehalf/running",
    "tests/onehalf/adversary",
    "tests/onehalf/auditing",
    "tests/onehalf/proof",
    "tests/onehalf/plan",
    "tests/whole/test_release_0_1.py",
)


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
