"""Tests of one tree, in a process forked from one that has imported the libraries: seconds less for each mutant."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
from multiprocessing.context import ForkServerContext
from pathlib import Path

_PR_SET_PDEATHSIG, _MEMORY = 1, 12 << 30
# Libraries only: what is ours must come from the tree.
_LIBRARIES = [
    "pytest",
    "hypothesis",
    "numpy",
    "scipy.stats",
    "scipy.optimize",
    "pandas",
    "joblib",
    "sklearn",
    "statsmodels.api",
]


def context() -> ForkServerContext:
    """Return where processes are forked with the libraries imported."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([*_LIBRARIES, "matplotlib.pyplot", "flint"])
    return server


def ended(tree: Path, tests: list[str], seconds: float) -> tuple[int | None, str]:
    """Run a tree's tests until one fails; return pytest's exit status, None after so many seconds, and what it said."""
    log = tree / "pytest.log"
    log.touch()
    process = context().Process(target=_run, args=(str(tree), tests, str(log)))
    process.start()
    process.join(seconds)
    late = process.is_alive()
    if process.pid is not None:
        _end(process.pid)
    process.join()
    return None if late else process.exitcode, log.read_text(encoding="utf-8", errors="replace")


def _run(tree: str, tests: list[str], log: str) -> None:
    os.setsid()
    # A mutant may run for ever, and take all memory: it ends with the campaign, and has its limit.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(target, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    os.chdir(tree)
    os.environ["PYTHONPATH"] = os.pathsep.join([tree, os.environ.get("PYTHONPATH", "")])
    sys.path.insert(0, tree)
    sys.dont_write_bytecode = True
    import pytest

    status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--tb=no", *tests])
    sys.stdout.flush()
    os._exit(int(status))


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
