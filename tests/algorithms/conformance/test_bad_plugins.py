"""Bad plugins in Python: the run gives each its status and a sentence and goes on; the check names the rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import onehalf
from algorithms.conformance.suite import Report, check, offered
from onehalf.cli import main
from oracle.errors import InvalidValue

PROBLEM = onehalf.AlternatingTraining(hidden=(2,), exponent=20)
HEAD = """
import os, random, sys, time
import numpy as np
import onehalf
half = onehalf.Network([(np.zeros((2, 2)), np.zeros(2)), (np.zeros((1, 2)), np.array([0.5]))])
"""


@dataclass(frozen=True)
class Bad:
    """A plugin's body; status and sentence of its runs; the rule that it breaks and what the check says."""

    body: str
    status: str
    note: str
    rule: str
    sentence: str
    batched: bool = False


PLUGINS = {
    "raises": Bad(
        "raise ArithmeticError('no')", "error", "ArithmeticError: no", "runs", "ArithmeticError: no"
    ),
    "mumbles": Bad(
        "raise ValueError('half a pair: \\udc80')",
        "error",
        "half a pair: \\udc80",
        "runs",
        "half a pair",
    ),
    "hangs": Bad(
        "while True: pass", "no_halt", "time budget", "halts on input 1", "an algorithm halts within"
    ),
    "sleeps": Bad(
        "time.sleep(60)", "no_halt", "time budget", "halts on input 2", "an algorithm halts within"
    ),
    "exits": Bad("os._exit(3)", "crashed", "ended itself with status 3", "runs", "crashed"),
    "quits": Bad("sys.exit(3)", "error", "SystemExit: 3", "runs", "SystemExit"),
    "dies": Bad("os.kill(os.getpid(), 9)", "crashed", "died of SIGKILL", "runs", "SIGKILL"),
    "prints": Bad(
        "print('x' * 10**6); return 'done'", "invalid", "output of type str", "output in M", "of type str"
    ),
    "nan": Bad(
        "return onehalf.Network([(np.full((2, 2), np.nan), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))])",
        "invalid",
        "W_1 holds NaN or infinity; weights must be finite",
        "output in M",
        "weights must be finite",
    ),
    "shape": Bad(
        "return onehalf.Network([(np.zeros((2, 2)), np.zeros(3)), (np.zeros((1, 2)), np.zeros(1))])",
        "invalid",
        "W must be (n, m) and b (n,)",
        "output in M",
        "W must be (n, m)",
    ),
    "string": Bad(
        "return 'network'", "invalid", "return a onehalf.Network", "output in M", "return a onehalf.Network"
    ),
    "nothing": Bad("pass", "invalid", "output of type NoneType", "output in M", "output of type NoneType"),
    "wide": Bad(
        "return onehalf.Network([(np.zeros((3, 2)), np.zeros(3)), (np.zeros((1, 3)), np.zeros(1))])",
        "invalid",
        "architecture (2, 3, 1) is not within (2, 2, 1)",
        "output in M",
        "no layer wider",
    ),
    "negative": Bad(
        "task.read(-1)", "error", "bits=-1: must be a whole number", "asks legal questions", "bits=-1"
    ),
    "fractional": Bad(
        "task.ask(0, 0, 1.5)", "error", "bits=1.5: must be a whole", "asks legal questions", "bits=1.5"
    ),
    "outside": Bad(
        "task.ask(0, 7, 3)", "error", "must lie in a table", "asks legal questions", "count from 0"
    ),
    "greedy": Bad(
        "task.ask(0, 0, 10**9)", "no_halt", "the digit budget is 500", "halts on input 1", "digit budget"
    ),
    "stubborn": Bad(
        "try: task.ask(0, 0, 10**9)\n    except BaseException: return half",
        "no_halt",
        "the digit budget is 500",
        "halts on input 1",
        "digit budget",
    ),
    "mutates": Bad(
        "task.labels[0] = 1",
        "error",
        "is read-only: change a copy",
        "leaves the task as it is",
        "change a copy",
    ),
    "claims": Bad(
        "return onehalf.Claim(half, 'yes')",
        "invalid",
        "a claim is True or False",
        "claims are booleans",
        "pass a bool",
    ),
    "secret": Bad(
        "try: task.ask(0, 0, -1)\n    except ValueError: return half",
        "halted",
        "",
        "asks legal questions",
        "bits=-1",
    ),
    "seeds": Bad(
        "np.random.seed(0); return half", "halted", "", "uses only its generator", "numpy.random.seed"
    ),
    "draws": Bad(
        "random.random(); return half", "halted", "", "uses only its generator", "Python's random module"
    ),
    "clock": Bad(
        "return onehalf.Network([(np.zeros((2, 2)), np.zeros(2)), (np.zeros((1, 2)), [float(time.time_ns())])])",
        "halted",
        "",
        "deterministic given oracle and seed",
        "its outputs differ: use no clock",
    ),
    "remembers": Bad(
        "onehalf.runs = getattr(onehalf, 'runs', 0) + 1; task.ask(0, 0, onehalf.runs); return half",
        "halted",
        "",
        "deterministic given oracle and seed",
        "its asked differ",
    ),
    "mixes": Bad(
        "n = float(len(rng)); w = np.zeros((2, 2)); l = np.zeros((1, 2))\n"
        "    return [onehalf.Network([(w, np.zeros(2)), (l, [n])]) for _ in rng]",
        "halted",
        "",
        "batched equals one by one",
        "depends on the batch",
        batched=True,
    ),
    "wavers": Bad(
        "if any(r.random() < 0.5 for r in rng):\n        task.read(20)\n    return [half] * len(rng)",
        "halted",
        "",
        "batched equals one by one",
        "alone it asks other questions",
        batched=True,
    ),
    "short": Bad(
        "return [half]", "invalid", "outputs for", "output in M", "return one for each", batched=True
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the plugins to files."""
    place = tmp_path_factory.mktemp("bad")
    for name, bad in PLUGINS.items():
        head = f"@onehalf.algorithm({name!r}, batched={bad.batched})\ndef f(task, rng):\n    "
        (place / f"{name}.py").write_text(HEAD + head + bad.body + "\n")
    return place


@pytest.fixture(scope="module")
def trials(folder: Path) -> pd.DataFrame:
    """Run them all in one experiment."""
    files = [str(folder / f"{name}.py") for name in PLUGINS]
    budget = onehalf.Budget(digits=500, seconds=0.6)
    return onehalf.run(PROBLEM, files, trials=3, budget=budget, directory=folder / "run", jobs=2).trials


@pytest.mark.parametrize("name", PLUGINS)
def test_a_run_records_status_and_sentence(trials: pd.DataFrame, name: str) -> None:
    bad, rows = PLUGINS[name], trials[trials.cell == list(PLUGINS).index(name)]
    assert list(rows.status) == [bad.status] * 3
    assert all(bad.note in note for note in rows.note), list(rows.note)


@pytest.mark.parametrize("name", PLUGINS)
def test_the_check_names_the_rule(folder: Path, name: str) -> None:
    bad = PLUGINS[name]
    report = check(str(folder / f"{name}.py"), problem=PROBLEM, budget=onehalf.Budget(500, 0.6))
    broken = {finding.rule: finding.sentence for finding in report.failures}
    assert bad.rule in broken, str(report)
    assert bad.sentence in broken[bad.rule], str(report)
    assert not report.passed


def test_a_good_plugin_passes_and_the_limit_is_a_note(folder: Path) -> None:
    good = folder / "good.py"
    good.write_text(HEAD + "@onehalf.algorithm('good')\ndef f(task, rng):\n    return half\n")
    assert check(str(good), problem=PROBLEM).passed
    report = check("patient")
    assert report.passed
    note = next(f for f in report.findings if f.rule == "halts on input 0")
    assert note.outcome == "noted"
    assert "does not halt within budget: allowed, counted as such" in note.sentence


def test_a_function_of_the_session_is_checked(folder: Path) -> None:
    @onehalf.algorithm("of-the-session")
    def of_the_session(task: onehalf.Task, rng: object) -> object:
        return task.witness(task.members[0])

    report: Report = onehalf.check(of_the_session)
    assert report.passed, str(report)


def test_a_function_that_cannot_be_sent_to_workers() -> None:
    import threading

    lock = threading.Lock()

    @onehalf.algorithm("locked")
    def locked(task: onehalf.Task, rng: object) -> object:
        return lock

    with pytest.raises(InvalidValue, match="cannot be sent to workers"):
        onehalf.check(locked)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("while True: pass", "cannot be loaded: importing it takes more than 0.5 s"),
        (
            "import os; os._exit(4)",
            "cannot be loaded: importing it ends its process: the process ended itself with status 4",
        ),
        ("1/0", "cannot be loaded: ZeroDivisionError"),
        (
            "import onehalf\n@onehalf.algorithm\ndef f(task, rng): ...",
            "name='f': must be a string; write @alg",
        ),
    ],
)
def test_a_file_that_cannot_even_be_loaded(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "unloadable.py"
    file.write_text(text)
    with pytest.raises(InvalidValue, match=sentence):
        offered(str(file), 0.5)


def test_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "coin-flip", "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["passed"]
    assert {f["outcome"] for f in report["findings"]} <= {"passed", "skipped"}
    assert main(["check", str(folder / "seeds.py"), "coin-flip", "--problem", "training[hidden=[2]]"]) == 1
    out = capsys.readouterr().out
    assert "FAIL  uses only its generator" in out
    assert out.rstrip().endswith("passes")
    assert main(["check", "vertex", "--problem", "training"]) == 2
    assert "vertex': is made for linear-program, not for training; choose another" in capsys.readouterr().err
    assert main(["check", str(folder / "absent.py")]) == 2
    assert "does not exist" in capsys.readouterr().err
