"""The sandbox: what an algorithm tries with files, sockets and what the kernel keeps fails; what it needs does not."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

import onehalf as oh
from algorithms.registry import resolve
from onehalf.plan.file import read_experiment
from onehalf.record.directory import TRIALS
from onehalf.record.result import load
from onehalf.running.sealed.sandbox import reach, require_sandbox
from oracle.errors import InvalidValue

try:
    require_sandbox()
except InvalidValue as missing:
    pytest.skip(str(missing), allow_module_level=True)

PROBLEM = "training[hidden=[2],exponent=8]"
HEAD = """
import ctypes, os, socket, subprocess, sys
import numpy as np
import onehalf as oh
from algorithms.registry import resolve
import helper
WORDS = (oh.__file__, helper.WORD)

@oh.algorithm("probe", sources=["weights.txt"])
def probe(task, rng):
    libc = ctypes.CDLL(None, use_errno=True)
    def fails(work):
        try:
            found = work()
        except OSError:
            return True
        return found == -1
"""
TAIL = """
    if not all(fails(work) for work in tries):
        raise RuntimeError([number for number, work in enumerate(tries) if not fails(work)])
    return task.witness(task.members[rng.integers(2)])
"""
_SHELL = "lambda: subprocess.run(['/bin/sh', '-c', {0}], capture_output=True, check=False).returncode and -1"
_TRIES = {
    "reading a file elsewhere": ["lambda: open({secret!r}).read()"],
    "listing a folder elsewhere": ["lambda: os.listdir({folder!r})"],
    "writing beside itself": ["lambda: open(os.path.join(os.path.dirname(__file__), 'state'), 'w')"],
    "writing its own code": ["lambda: open(__file__, 'a')"],
    "a temporary file": [
        "lambda: open('/tmp/onehalf-state', 'w')",
        "lambda: open('/dev/shm/onehalf-state', 'w')",
    ],
    "truncating": ["lambda: os.truncate({secret!r}, 0)"],
    "removing and renaming": [
        "lambda: os.unlink({secret!r})",
        "lambda: os.rename(__file__, {folder!r} + '/x.py')",
    ],
    "a folder, a link, a pipe": [
        "lambda: os.mkdir({folder!r} + '/d')",
        "lambda: os.symlink('/', {folder!r} + '/l')",
        "lambda: os.mkfifo({folder!r} + '/p')",
    ],
    "rights and times of a file": [
        "lambda: os.chmod(__file__, 0o600)",
        "lambda: os.utime(__file__, (1, 1))",
        "lambda: os.setxattr(__file__, 'user.word', b'1')",
    ],
    "sockets": [
        "lambda: socket.socket()",
        "lambda: socket.socket(socket.AF_UNIX)",
        "lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    ],
    "the kernel's shared memory and queues": [
        "lambda: libc.shmget(77, 4096, 0o1666)",
        "lambda: libc.msgget(77, 0o1666)",
        "lambda: libc.semget(77, 1, 0o1666)",
    ],
    "signals beyond it": ["lambda: os.kill({parent}, 0)"],
    "the runner's surroundings": [
        "lambda: open('/proc/{parent}/environ', 'rb').read(1)",
        "lambda: os.readlink('/proc/{parent}/fd/0')",
    ],
    "through a program": [
        _SHELL.format("'cat ' + {secret!r}"),
        _SHELL.format("'echo 1 > ' + {folder!r} + '/s'"),
    ],
}


def notes(result: oh.Result) -> list[str]:
    with closing(sqlite3.connect(result.directory / TRIALS)) as connection:
        return [note for (note,) in connection.execute("SELECT note FROM outcomes")]


def plugin(folder: Path, body: str) -> Path:
    (folder / "helper.py").write_text("WORD = 1\n")
    (folder / "weights.txt").write_text("3\n")
    (folder / "probe.py").write_text(body)
    return folder / "probe.py"


def test_nothing_of_what_it_tries_is_had_and_the_record_says_so(tmp_path: Path) -> None:
    code, elsewhere = tmp_path / "code", tmp_path / "elsewhere"
    code.mkdir()
    elsewhere.mkdir()
    secret = elsewhere / "secret"
    secret.write_text("the input")
    places = {"secret": str(secret), "folder": str(elsewhere), "parent": os.getpid()}
    tries = ", ".join(text.format(**places) for texts in _TRIES.values() for text in texts)
    file = plugin(code, f"{HEAD}    tries = [{tries}]\n{TAIL}")
    before = file.stat()
    result = oh.run(PROBLEM, str(file), trials=2, directory=tmp_path / "run", sandbox=True)
    assert set(result.trials["status"]) == {"halted"}, notes(result)
    assert sorted(path.name for path in elsewhere.iterdir()) == ["secret"]
    assert secret.read_text() == "the input"
    assert {p.name for p in code.iterdir()} <= {"helper.py", "weights.txt", "probe.py", "__pycache__"}
    assert (file.stat().st_mode, file.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    told = load(tmp_path / "run").summary()["provenance"]["boundary"]
    assert told.startswith("Every trial was made sealed:")
    assert told.endswith("and sockets were kept from the algorithm in all of these.")


@pytest.mark.parametrize("what", ["reading a file elsewhere", "a temporary file", "sockets"])
def test_without_it_the_same_is_had(tmp_path: Path, what: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    tried = _TRIES[what][0].format(secret=str(secret), folder=str(tmp_path))
    file = plugin(tmp_path, f"{HEAD}    tries = [{tried}]\n{TAIL}")
    result = oh.run(PROBLEM, str(file), trials=1, directory=tmp_path / "run", sealed=True)
    assert set(result.trials["status"]) == {"error"}


def test_what_it_is_made_of_is_there(tmp_path: Path) -> None:
    body = """
    import helper as again, scipy.stats
    folder = os.path.dirname(__file__)
    assert open(os.path.join(folder, "weights.txt")).read() == "3\\n"
    assert {"probe.py", "helper.py"} <= set(os.listdir(folder))
    assert subprocess.run(["/bin/sh", "-c", "exit 7"]).returncode == 7
    assert socket.socketpair()
    open("/dev/null", "w").write("x")
    return task.witness(task.members[rng.integers(2)])
"""
    file = plugin(tmp_path, HEAD + body)
    sandboxed = oh.run(PROBLEM, str(file), trials=4, directory=tmp_path / "run", sandbox=True)
    assert set(sandboxed.trials["status"]) == {"halted"}
    free = oh.run(PROBLEM, str(file), trials=4, directory=tmp_path / "free")
    columns = [name for name in free.trials.columns if name not in ("seconds", "sealed")]
    assert sandboxed.trials[columns].equals(free.trials[columns])


def test_a_program_runs_and_is_kept_too(tmp_path: Path) -> None:
    script = tmp_path / "solve.sh"
    script.write_text(
        '#!/bin/sh\nread facts\necho secret > ./state 2>/dev/null\necho \'{"error": "done"}\'\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    result = oh.run(PROBLEM, f"exec:{script}", trials=1, directory=tmp_path / "run", sandbox=True)
    assert "done" in notes(result)[0]
    assert not (tmp_path / "state").exists()


def test_of_the_working_directory_and_of_this_programs_folder_only_what_is_code_is_read(
    tmp_path: Path,
) -> None:
    home = Path(oh.__file__).resolve().parents[1]
    found = reach(resolve("coin-flip"), [str(tmp_path), str(home), "/opt/x"], str(tmp_path))
    assert str(tmp_path) not in found
    assert str(home) not in found
    assert {str(home / "oracle"), "/opt/x"} <= set(found)


def test_it_is_for_sealed_trials_and_says_so(tmp_path: Path) -> None:
    cells = f'[[cells]]\nproblem = "{PROBLEM}"\noracle = "decoy"\nalgorithms = "coin-flip"\n'
    file = tmp_path / "x.toml"
    file.write_text(f"trials = 1\nsealed = false\nsandbox = true\n{cells}")
    with pytest.raises(InvalidValue, match="sandbox=True: is for sealed trials"):
        read_experiment(file)
    file.write_text(f"trials = 1\nsandbox = true\n{cells}")
    (cell,) = read_experiment(file).cells
    assert cell.sandbox
    assert cell.sealed
