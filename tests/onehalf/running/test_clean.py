"""A trial starts from a clean image: its record depends neither on the caller's state nor on the number of workers."""

import decimal
import os
import random
import struct
import time
import warnings
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import numpy as np
import pytest
import sklearn

import onehalf as oh
from algorithms.registry import resolve
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running import supervisor
from onehalf.running.inbox import Inbox
from onehalf.running.sealed.fork_server import end_servers
from oracle.errors import InvalidValue
from oracle.session import Budget

Plugin = Callable[..., str]
# What a trial finds around it, as the text of an error, which is recorded.
_LOOK = """
import decimal, os, random, signal, sys, threading, warnings
import numpy, sklearn, threadpoolctl
state = [numpy.geterr(), decimal.getcontext().prec, sklearn.get_config()["transform_output"], random.random()]
state += [os.environ.get("OMP_NUM_THREADS"), threading.active_count(), sys.getrecursionlimit()]
state += [len(warnings.filters), signal.getsignal(signal.SIGTERM) is signal.SIG_DFL]
state += [{pool["num_threads"] for pool in threadpoolctl.threadpool_info()}, numpy.random.get_state()[2]]
raise ValueError(state)
"""


@pytest.fixture
def upset() -> Iterator[None]:
    """A process that its owner has changed in many ways."""
    before, precision = np.seterr(all="raise"), decimal.getcontext().prec
    sklearn.set_config(transform_output="pandas")
    decimal.getcontext().prec = 3
    random.seed(7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    np.seterr(**before)
    decimal.getcontext().prec = precision
    sklearn.set_config(transform_output="default")
    end_servers()


def test_what_the_caller_changed_reaches_no_trial(upset: None, plugin: Plugin) -> None:
    file = plugin(
        "look", f"random_state = None\n{_LOOK}".replace("random.random()", "random.getstate()[1] == ()")
    )
    notes = [
        set(oh.run(oh.AlternatingTraining(exponent=20), file, trials=2, jobs=jobs).trials["note"])
        for jobs in (1, 2)
    ]
    assert notes[0] == notes[1]
    (note,) = notes[0]
    assert "'divide': 'warn'" in note
    assert "28, 'default', False, '1', 1" in note
    assert "{1}" in note


def test_shipped_trainers_give_one_record_whatever_the_caller_set(upset: None) -> None:
    trainer = "mlp-adam[attempts=1]"
    found = [oh.run(oh.AlternatingTraining(), trainer, trials=2, jobs=jobs).trials for jobs in (1, 2)]
    assert set(found[0]["status"]) == {"halted"}
    assert found[0].drop(columns="seconds").equals(found[1].drop(columns="seconds"))


def runs(algorithm: str, trials: int = 2, seconds: float = 20.0, memory: int | None = None) -> list[Run]:
    limits = Budget(seconds=seconds)
    cell = Cell(AlternatingTraining(), "decoy", resolve(algorithm), trials, limits, memory=memory)
    return supervisor.run_trials(cell, (3, 4), 0, trials)


_CHILD = """
import os, struct, sys, time
frame = sys._getframe()
while type(frame.f_locals.get("self")).__name__ != "Child":
    frame = frame.f_back
child = frame.f_locals["self"]
"""


@pytest.mark.parametrize(
    ("body", "status", "note"),
    [
        (
            "os.write(child.sender.fileno(), struct.pack('!i', 999) + b'r')\ntime.sleep(60)",
            "no_halt",
            "0.3 s",
        ),
        ("os.write(child.sender.fileno(), struct.pack('!i', -5))\ntime.sleep(60)", "crashed", "-5 bytes"),
        ("child.view[3] = 0\ntime.sleep(60)", "no_halt", "0.3 s"),
        ("os.kill(os.getppid(), 9)\ntime.sleep(60)", "crashed", "the process "),
    ],
)
def test_no_child_keeps_its_supervisor_waiting(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch, body: str, status: str, note: str
) -> None:
    monkeypatch.setattr(supervisor, "_SILENT_SECONDS", 0.5)
    started = time.monotonic()
    found = runs(plugin("waits", _CHILD + body), 1, seconds=0.3)
    assert {run.status for run in found} == {status}
    assert all(note in run.note for run in found)
    assert time.monotonic() - started < 30


def test_an_image_that_ends_itself_costs_its_runs_and_no_others(plugin: Plugin, tmp_path: Path) -> None:
    """A thread of the plugin's ends each image once a run has begun in it, however long loading takes."""
    begun = tmp_path / "begun"
    end = "while not begun.exists(): time.sleep(0.01)\n    begun.unlink(missing_ok=True)\n    os._exit(1)"
    file = plugin(
        "ends",
        "begun.touch()\ntime.sleep(0.05)\nreturn task.witness(task.members[0])",
        [
            "import os, pathlib, threading, time",
            f"begun = pathlib.Path({str(begun)!r})",
            f"def wait():\n    {end}",
            "threading.Thread(target=wait, daemon=True).start()",
        ],
    )
    found = {run.status for run in runs(file)}
    assert found <= {"halted", "crashed"}
    assert "crashed" in found
    assert {run.status for run in runs("coin-flip")} == {"halted"}


def test_memory_has_a_limit_that_is_told(plugin: Plugin) -> None:
    file = plugin("hog", "x = bytearray(300 << 20)\nreturn task.witness(task.members[0])")
    assert {run.status for run in runs(file)} == {"halted"}
    found = runs(file, memory=100 << 20)
    assert {run.status for run in found} == {"error"}
    assert found[0].note == "MemoryError:  (it could take 100M of memory)"
    result = oh.run(oh.AlternatingTraining(), file, trials=1, memory="100M", sealed=True)
    assert set(result.trials["status"]) == {"error"}
    with pytest.raises(InvalidValue, match="memory='12': must be at least 1M; write for example \"500M\""):
        oh.run(oh.AlternatingTraining(), file, trials=1, memory="12")


def test_a_message_is_taken_whole_or_not_at_all() -> None:
    receiver, sender = Pipe(duplex=False)
    inbox = Inbox(receiver)
    assert inbox.take(0.0) is None
    sender.send_bytes(b"one")
    sender.send_bytes(b"two" * 9_000)
    os.write(sender.fileno(), struct.pack("!i", 5) + b"th")
    assert (inbox.take(1.0), inbox.take(1.0), inbox.take(0.05)) == (b"one", b"two" * 9_000, None)
    os.write(sender.fileno(), b"ree")
    assert inbox.take(1.0) == b"three"
    sender.close()
    with pytest.raises(EOFError):
        inbox.take(1.0)
    inbox.close()


def test_a_plugin_that_changes_after_planning_is_refused(plugin: Plugin) -> None:
    file = Path(plugin("changes", "return task.witness(task.members[0])"))
    cell = Cell(AlternatingTraining(), "decoy", resolve(str(file)), 1)
    file.write_text(file.read_text() + "# changed\n")
    with pytest.raises(InvalidValue, match="its source has changed since the experiment was planned"):
        supervisor.run_trials(cell, (3, 4), 0, 1)
