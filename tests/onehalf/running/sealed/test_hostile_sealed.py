"""What a hostile algorithm tries from its sealed process: nothing of it reaches the input, a ledger, or a record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from algorithms.processes import parent_of
from algorithms.registry import resolve
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.sealed.fork_server import end_servers
from onehalf.running.supervisor import run_trials
from onehalf.running.worker import judge_runs
from oracle.session import Budget

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and ptrace")
KEY = (3, 4)
# Ways to the supervisor: its memory, ptrace, its descriptors (also by pidfd_getfd), sockets that are left open, shared
# memory, and children that ask. Whatever is got is told.
_CHEAT = """
import ctypes, os
import onehalf as oh

libc = ctypes.CDLL(None, use_errno=True)

def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])

def opens(path, look):
    try:
        look(path)
        return True
    except OSError:
        return False

@oh.algorithm("cheat")
def cheat(task, rng):
    got, pid = [], os.getpid()
    for above in ("image", "its origin", "guard", "supervisor"):
        pid = parent(pid)
        if opens(f"/proc/{pid}/mem", lambda path: open(path, "rb").close()):
            got.append(f"memory of {above}")
        if any(opens(f"/proc/{pid}/fd/{n}", lambda path: os.close(os.open(path, os.O_RDONLY))) for n in range(12)):
            got.append(f"descriptors of {above}")
        if libc.ptrace(16, pid, 0, 0) == 0:
            got.append(f"ptrace of {above}")
        handle = os.pidfd_open(pid)
        if libc.syscall(438, handle, 3, 0) >= 0:
            got.append(f"a descriptor of {above}")
        os.close(handle)
    links = []
    for number in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    if sum(link.startswith("socket:") for link in links) != 1:
        got.append("sockets beside its own")
    if [line for line in open("/proc/self/maps") if " rw-s " in line or "/dev/shm" in line]:
        got.append("shared memory")
    receiving, sending = os.pipe()
    if os.fork() == 0:
        try:
            task.ask(0, 1, 60)
            os.write(sending, b"an answer to a child")
        finally:
            os._exit(0)
    os.close(sending)
    got += [said.decode() for said in [os.read(receiving, 100)] if said]
    raise ValueError(got)
"""
_PAGE = """
import os, sys
import onehalf as oh

@oh.algorithm("page-forger")
def page_forger(task, rng):
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "view"):
        frame = frame.f_back
    view = frame.f_locals["self"].view
    view[0], view[2], view[4], view[5], view[6] = 99, 1, -7, -5, 1 << 60
    os._exit(1)
"""
_SLEEPER = """
import os, pathlib, time
import onehalf as oh

@oh.algorithm("sleeper")
def sleeper(task, rng):
    pathlib.Path({place!r}).write_text(str(os.getpid()))
    time.sleep(100)
"""


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    end_servers()


def records(path: Path, source: str, trials: int, sealed: bool) -> tuple[Cell, list[Run]]:
    path.write_text(source)
    spec = resolve(str(path))
    cell = Cell(AlternatingTraining(), "decoy", spec, trials, Budget(seconds=20), sealed=sealed)
    return cell, run_trials(cell, KEY, 0, trials)


def test_no_way_leads_from_a_sealed_process_to_its_supervisor(tmp_path: Path) -> None:
    _, runs = records(tmp_path / "cheat.py", _CHEAT, 1, sealed=True)
    assert [(run.note, run.shared, run.depth) for run in runs] == [("ValueError: []", True, 0)]


def test_what_is_forged_in_the_page_of_a_shared_process_is_no_impossible_row(tmp_path: Path) -> None:
    cell, runs = records(tmp_path / "page.py", _PAGE, 2, sealed=False)
    told = [(run.trial, run.input, run.status, run.shared, run.depth, run.queries) for run in runs]
    assert told == [(trial, 0, "crashed", True, 0, 0) for trial in range(2)]
    assert [row[4] for row in judge_runs(0, cell, 0, 2, runs).rows] == [None] * 4, "none succeeds"


def test_nothing_of_a_sealed_run_outlives_a_killed_parent(tmp_path: Path) -> None:
    place = tmp_path / "number"
    (tmp_path / "sleeper.py").write_text(_SLEEPER.format(place=str(place)))
    code = (
        f"import onehalf as oh; oh.run('training', {str(tmp_path / 'sleeper.py')!r}, trials=1, sealed=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        until = time.monotonic() + 100
        while not (place.exists() and place.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        run = int(place.read_text())
        line = [run]
        while line[-1] != parent.pid:
            line.append(parent_of(line[-1]))
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while any(map(parent_of, line[:-1])) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in line[:-1] if parent_of(pid)] == []
    assert len(line) == 5
