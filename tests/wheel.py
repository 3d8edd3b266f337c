"""Build the wheel and try it outside of the checkout: `python tests/wheel.py [VERSION …]`, or `make wheel`.

Without a version it is installed alone beside the dependencies of the Python that runs this. With versions, such as
3.12 3.13, it goes into an environment of its own for each, with dependencies from the registry; a Python that is not
here is skipped with a word. Then a few tests run against what was installed, and a command as a user gives it.
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/onehalf/plan/test_seeds.py",
    "tests/onehalf/commands/test_completion.py",
    "tests/whole/test_tutorials.py",
)
_WHERE = """
import sys, algorithms, analysis, onehalf, oracle
for package in (algorithms, analysis, onehalf, oracle):
    assert package.__file__.startswith(sys.prefix), package.__file__
print(sys.version.split()[0], "has onehalf in", onehalf.__file__)
"""


def call(*words: object, place: Path) -> None:
    """Run a command in a folder; end with its status if that is not 0."""
    done = subprocess.run([str(word) for word in words], cwd=place, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with status {done.returncode}")


def interpreter(version: str) -> Path | None:
    """A Python of a version that starts, on the path or among pyenv's; None where there is none."""
    listed = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python{version}"))
    for candidate in (shutil.which(f"python{version}"), *listed):
        if (
            candidate is not None
            and not subprocess.run([candidate, "-c", ""], capture_output=True).returncode
        ):
            return Path(candidate)
    return None


def tried(wheel: Path, python: Path, place: Path, alone: bool) -> None:
    """Install a wheel into an environment of its own below a folder, and try it there."""
    call(python, "-m", "venv", place / "venv", place=place)
    own = place / "venv" / "bin" / "python"
    quiet = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if alone:
        call(own, *quiet, "--no-deps", "--no-index", wheel, place=place)
        # The path alone, so that the checkout that is installed there in place is not found by it.
        (own_packages,) = (place / "venv").glob("lib/python*/site-packages")
        (own_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    else:
        call(own, *quiet, "-c", HOME / "constraints.txt", wheel, "pytest", "hypothesis", place=place)
    for name in ("tests", "docs/tutorials"):
        shutil.copytree(HOME / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOME / "pyproject.toml", place)
    call(own, "-c", _WHERE, place=place)
    call(place / "venv" / "bin" / "onehalf", "run", "coin-flip", "--trials", "5", "--jobs", "1", place=place)
    call(own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, "-k", "not teacher", place=place)


def main(versions: Sequence[str]) -> None:
    """Build the wheel, and try it with the Python that runs this or with those of some versions."""
    with tempfile.TemporaryDirectory(prefix="onehalf-wheel-") as place:
        home = Path(place)
        shutil.rmtree(HOME / "build" / "lib", ignore_errors=True)  # of an earlier tree
        build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", home)
        call(sys.executable, *build, HOME, place=home)
        (wheel,) = home.glob("onehalf-*.whl")
        for version in versions or [""]:
            python = interpreter(version) if version else Path(sys.executable)
            if python is None:
                print(f"Python {version} is not here: skipped")
                continue
            folder = home / (version or "here")
            folder.mkdir()
            tried(wheel, python, folder, alone=not version)


if __name__ == "__main__":
    main(sys.argv[1:])
