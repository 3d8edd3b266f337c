"""Whatever an algorithm does, real processes record it as what it was, and every planned trial has its rows."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import onehalf as oh
from onehalf.record.result import Result

Plugin = Callable[..., str]
TRIALS = 3
PROBLEM = oh.AlternatingTraining(hidden=(2,), exponent=20)
BUDGET = oh.Budget(digits=1000, seconds=0.4)
GOOD = "return task.witness(task.members[0])"

# name: (body, preamble, status, what the note says)
MISBEHAVIOUR = {
    "hangs": ("while True: pass", (), "no_halt", "time budget of 0.4 s"),
    "hangs-asking": ("while True: task.ask(0, 1, 5)", (), "no_halt", "time budget of 0.4 s"),
    "hangs-swallowing": (
        "while True:\n    try:\n        task.ask(0, 1, 10**6)\n    except BaseException:\n        pass",
        (),
        "no_halt",
        "time budget of 0.4 s",
    ),
    "sleeps-in-c": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))\nctypes.CDLL(None).sleep(100)",
        ("import ctypes, signal",),
        "no_halt",
        "time budget of 0.4 s",
    ),
    "raises": ("raise RuntimeError('no luck')", (), "error", "RuntimeError: no luck"),
    "exits": ("sys.exit('that is all')", ("import sys",), "error", "SystemExit: that is all"),
    "interrupts": ("raise KeyboardInterrupt", (), "error", "KeyboardInterrupt"),
    "recurses": ("return algorithm(task, rng)", (), "error", "RecursionError"),
    "os-exits": ("os._exit(0)", ("import os",), "crashed", "the process ended itself with status 0"),
    "segfaults": (
        "os.kill(os.getpid(), signal.SIGSEGV)",
        ("import os, signal",),
        "crashed",
        "died of SIGSEGV",
    ),
    "null-pointer": ("ctypes.string_at(0)", ("import ctypes",), "crashed", "died of SIGSEGV"),
    "closes-all": ("os.closerange(3, 4096)\n" + GOOD, ("import os",), "crashed", "the process"),
    "nan": (
        "return oh.Network([([[float('nan'), 0.0]], [0.0]), ([[1.0]], [0.0])])",
        (),
        "invalid",
        "holds NaN",
    ),
    "wrong-shape": (
        "return oh.Network([([[1.0, 0.0, 0.0]], [0.0]), ([[1.0]], [0.0])])",
        (),
        "invalid",
        "(3, 1, 1)",
    ),
    "no-such-layer": ("return oh.Network([([[1.0, 0.0]], [0.0, 1.0])])", (), "invalid", "layer 1"),
    "string": ("return 'a network'", (), "invalid", "output of type str"),
    "nothing": ("pass", (), "invalid", "output of type NoneType"),
    "minus-one": ("task.ask(0, 1, -1)\n" + GOOD, (), "error", "bits=-1"),
    "billion": ("task.ask(0, 1, 10**9)\n" + GOOD, (), "no_halt", "the digit budget is 1000"),
    "too-precise": ("task.read(54)\n" + GOOD, (), "error", "task.read_exact(bits)"),
    "swallows-exception": (
        f"try:\n    task.ask(0, 1, 10**9)\nexcept Exception:\n    pass\n{GOOD}",
        (),
        "no_halt",
        "the digit budget is 1000",
    ),
    "swallows-all": (
        f"try:\n    task.ask(0, 1, 10**9)\nexcept:\n    pass\n{GOOD}",
        (),
        "no_halt",
        "the digit budget is 1000",
    ),
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """All misbehaviour in one run, with a well-behaved algorithm first and last."""
    folder = tmp_path_factory.mktemp("plugins")
    head = f'import onehalf as oh\n@oh.algorithm("good")\ndef good(task, rng):\n    {GOOD}\n'
    (folder / "good.py").write_text(head)
    (folder / "again.py").write_text(head.replace('"good"', '"again"'))
    paths = [str(folder / "good.py")]
    for name, (body, preamble, _, _) in MISBEHAVIOUR.items():
        inner = "\n".join("    " + line for line in body.splitlines())
        lines = [
            "import onehalf as oh",
            *preamble,
            f'@oh.algorithm("{name}")',
            "def algorithm(task, rng):",
            inner,
        ]
        (folder / f"{name}.py").write_text("\n".join(lines))
        paths.append(str(folder / f"{name}.py"))
    return oh.run(PROBLEM, [*paths, str(folder / "again.py")], trials=TRIALS, budget=BUDGET, jobs=2)


def cell_named(result: Result, name: str) -> int:
    return [cell.spec.name for cell in result.experiment.cells].index(name)


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_misbehaviour_is_recorded_as_what_it_was(everything: Result, name: str) -> None:
    _, _, status, note = MISBEHAVIOUR[name]
    found = everything.outcomes.query("cell == @index", local_dict={"index": cell_named(everything, name)})
    assert found["status"].tolist() == [status] * (2 * TRIALS)
    assert found["note"].str.contains(note, regex=False).all(), found["note"].tolist()
    assert set(found["verdict"].fillna("none")) == {"rejected" if status == "invalid" else "none"}
    assert found["output"].isna().all()


def test_every_planned_trial_has_its_row(everything: Result) -> None:
    found = everything.outcomes.groupby("cell")[["trial", "input"]].apply(
        lambda t: sorted(map(tuple, t.to_numpy()))
    )
    expected = [(trial, position) for trial in range(TRIALS) for position in range(2)]
    assert found.tolist() == [expected] * (len(MISBEHAVIOUR) + 2)
    assert len(everything.trials) == TRIALS * (len(MISBEHAVIOUR) + 2)
    assert everything.violations == []


@pytest.mark.parametrize("name", ["good", "again"])
def test_the_well_behaved_are_untouched(everything: Result, name: str) -> None:
    found = everything.trials.query("cell == @index", local_dict={"index": cell_named(everything, name)})
    assert found["status"].tolist() == ["halted"] * TRIALS
    assert (found["verdict_1"].tolist(), found["verdict_2"].tolist()) == (
        ["accepted"] * TRIALS,
        ["rejected"] * TRIALS,
    )


def test_failures_count_in_the_denominator_and_the_report_names_them(everything: Result) -> None:
    html = everything.report(formats=("html", "json"))
    summary = json.loads((everything.directory / "summary.json").read_text(encoding="utf-8"))
    assert [cell["planned"] for cell in summary["cells"]] == [TRIALS] * (len(MISBEHAVIOUR) + 2)
    assert "no luck" in html.read_text(encoding="utf-8")


def test_a_culprit_is_found_among_innocent_neighbours(plugin: Plugin) -> None:
    # Trials 5 and 11 of 16, run in one chunk, kill the process, hang, or answer: the other fourteen are unharmed.
    body = (
        "task.ask(0, 0, 7)\n"
        "mark = rng.bit_generator.state['state']['counter'][2]\n"
        "if mark == 5: os._exit(3)\n"
        "while mark == 11: pass\n" + GOOD
    )
    result = oh.run(PROBLEM, plugin("sometimes", body, ("import os",)), trials=16, budget=BUDGET)
    found = result.trials
    expected = {5: "crashed", 11: "no_halt"}
    assert found["status"].tolist() == [expected.get(trial, "halted") for trial in range(16)]
    assert found["depth"].tolist() == [7] * 16
    assert found["note"][5] == "the process ended itself with status 3"


def test_what_a_run_had_read_before_it_died_decides_whether_it_is_shared(plugin: Plugin) -> None:
    shallow = plugin("shallow", "task.ask(0, 1, 20)\nos._exit(1)", ("import os",))
    deep = plugin("deep", "task.ask(0, 1, 21)\nos._exit(1)", ("import os",))
    found = oh.run(PROBLEM, [shallow, deep], trials=2, budget=BUDGET).trials
    assert found["shared"].tolist() == [1, 1, 0, 0]
    assert found["depth"].tolist() == [20, 20, 21, 21]
    assert found["queries"].tolist() == [1, 1, 1, 1]
    assert set(found["status_2"]) == {"crashed"}


def _gone(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_children_and_grandchildren_are_gone_after_the_run(plugin: Plugin, tmp_path: Path) -> None:
    body = (
        f"if not os.fork():\n    open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n    time.sleep(60)\n"
        "time.sleep(60)"
    )
    result = oh.run(PROBLEM, plugin("forks", body, ("import os, time",)), trials=1, budget=BUDGET)
    assert result.trials["status"].tolist() == ["no_halt"]
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    deadline = time.monotonic() + 10  # a killed process has its end still before it, on a busy machine
    while time.monotonic() < deadline and not _gone(stat):
        time.sleep(0.05)
    assert _gone(stat)


def test_an_algorithm_s_words_do_not_reach_the_terminal(
    plugin: Plugin, capfd: pytest.CaptureFixture[str]
) -> None:
    noisy = plugin("noisy", f"print('loud')\nos.write(2, b'louder')\n{GOOD}", ("import os",))
    assert set(oh.run(PROBLEM, noisy, trials=2).trials["status"]) == {"halted"}
    assert capfd.readouterr() == ("", "")


def test_a_bad_output_of_the_linear_program_is_invalid(plugin: Plugin) -> None:
    bodies = {"ragged": "return [[1], [2, 3]]", "words": "return ('a', 'b')", "three": "return (1, 2, 3)"}
    paths = [plugin(name, body) for name, body in bodies.items()]
    found = oh.run(oh.LinearProgram(), paths, trials=2).trials
    assert set(found["status"]) == {"invalid"}
    assert set(found["verdict_1"]) == {"rejected"}


def test_a_claim_is_recorded_and_not_believed(plugin: Plugin) -> None:
    proud = plugin("proud", "return oh.Claim(task.witness(task.members[0]), converged=True)")
    found = oh.run(PROBLEM, proud, trials=2).trials
    assert found[["claim_1", "claim_2"]].to_numpy().tolist() == [[1, 1]] * 2
    assert found["verdict_2"].tolist() == ["rejected"] * 2


def test_a_batched_algorithm_gives_what_it_gives_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "batch.py"
    file.write_text(
        "import onehalf as oh\n"
        "@oh.algorithm('flips', batched=True)\n"
        "def flips(task, rngs):\n    return [task.witness(task.members[rng.integers(2)]) for rng in rngs]\n"
        "@oh.algorithm('short', batched=True)\n"
        "def short(task, rngs):\n    return []\n"
    )
    batched = oh.run(PROBLEM, f"{file}::flips", trials=40, seed=5).trials
    assert set(batched["status"]) == {"halted"}
    first = batched["verdict_1"].eq("accepted")
    assert batched["verdict_2"].eq("accepted").tolist() == (~first).tolist()
    assert 5 < first.sum() < 35
    short = oh.run(PROBLEM, f"{file}::short", trials=3).trials
    assert set(short["status"]) == {"invalid"}
    assert short["note"].str.contains("0 outputs for").all()
