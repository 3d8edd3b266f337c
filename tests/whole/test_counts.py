"""Operations a trial costs: oracle calls, forked children, encoded outputs, imported modules."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.plan.experiment import Cell, cells_of
from onehalf.plan.seeds import stream_key
from onehalf.record.rows import Run
from onehalf.running import supervisor
from onehalf.running.scheduler import Pace
from onehalf.running.supervisor import run_trials
from onehalf.running.trial import Bench
from onehalf.running.worker import judge_runs
from oracle.problems import Oracle
from oracle.session import Budget

HOME = Path(__file__).resolve().parents[2]
POINTS = 28


@oh.algorithm("count-sleeper")
def sleeper(task: oh.Task, rng: Any) -> oh.Network:
    """Hang in one trial of four."""
    if rng.random() < 0.25:
        time.sleep(60)
    return task.witness(task.members[0])  # type: ignore[no-any-return]


def made_ready(algorithm: Any, trials: int = 50, **more: Any) -> tuple[Cell, tuple[int, int]]:
    (cell,) = cells_of([oh.AlternatingTraining(**more)], ["decoy"], [algorithm], trials)
    return cell, stream_key(1, cell.coordinates)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, int]]:
    """Every call of an oracle from now on."""
    calls: list[tuple[Any, int]] = []
    answer = Oracle.answer

    def counted(oracle: Oracle, index: Any, bits: int) -> Any:
        calls.append((index, bits))
        return answer(oracle, index, bits)

    monkeypatch.setattr(Oracle, "answer", counted)
    return calls


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of trials of the children that are forked from now on, here or from an image."""
    made: list[int] = []
    forked = supervisor.forked

    def counted(cell: Cell, stretch: Any) -> Any:
        made.append(len(stretch.trials))
        return forked(cell, stretch)

    monkeypatch.setattr(supervisor, "forked", counted)
    return made


@pytest.mark.parametrize(
    ("algorithm", "queries", "calls"),
    [
        ("coin-flip", 0, 0),
        ("constant-half", 0, 0),
        ("reader[bits=20]", 2, 2),
        ("reader", 2, 2),
        ("patient", 14, 14),
        ("mlp-lbfgs", 2 * POINTS, 2 * POINTS),
    ],
)
def test_every_question_is_answered_once_for_all_trials(
    algorithm: str, queries: int, calls: int, answers: list[tuple[Any, int]]
) -> None:
    cell, key = made_ready(algorithm)
    bench = Bench(cell, key)
    count = 3 if algorithm.startswith("mlp") else 50
    runs = [run for trial in range(count) for run in bench.run(range(trial, trial + 1), 0)]
    assert [run.queries for run in runs] == [queries] * count
    assert len(answers) == calls
    assert len(set(answers)) == calls


def test_the_random_depth_reader_asks_twice_a_trial_and_no_question_twice(
    answers: list[tuple[Any, int]],
) -> None:
    cell, key = made_ready("random-depth[stop=0.1]")
    bench = Bench(cell, key)
    runs = [run for trial in range(200) for run in bench.run(range(trial, trial + 1), 0)]
    assert {run.queries for run in runs} == {2}
    depths = {run.depth for run in runs}
    assert len(answers) == len(set(answers)) == 2 * len(depths)


def test_a_batched_trainer_reads_its_table_once(answers: list[tuple[Any, int]]) -> None:
    cell, key = made_ready("adam")
    runs = Bench(cell, key).run(range(8), 0)
    assert len(runs) == 8
    assert len(answers) == 2 * POINTS


@pytest.mark.parametrize(("algorithm", "trials"), [("coin-flip", 2_000), ("reader", 300), ("adam", 20)])
def test_a_chunk_costs_one_child(algorithm: str, trials: int, forks: list[int]) -> None:
    cell, key = made_ready(algorithm, trials)
    assert len(run_trials(cell, key, 0, trials)) == trials
    assert len(forks) == 1


def test_a_trial_that_hangs_costs_at_most_two_children_more(forks: list[int]) -> None:
    (cell,) = cells_of([oh.AlternatingTraining()], ["decoy"], [sleeper], 12, Budget(seconds=0.05))
    key = stream_key(3, cell.coordinates)
    runs = run_trials(cell, key, 0, 12)
    hung = sum(run.status == "no_halt" for run in runs)
    assert [run.trial for run in runs] == list(range(12))
    assert 0 < hung < 12
    assert hung <= len(forks) <= 2 * hung + 1


def test_outputs_are_encoded_and_judged_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    cell, key = made_ready("coin-flip", 500)
    bench = Bench(cell, key)
    counts = {"encode": 0, "decode": 0}
    for name in counts:
        inner = getattr(type(cell.problem), name)

        def counted(problem: Any, value: Any, name: str = name, inner: Any = inner) -> Any:
            counts[name] += 1
            return inner(problem, value)

        monkeypatch.setattr(type(cell.problem), name, counted)
    runs: list[Run] = [run for t in range(500) for run in bench.run(range(t, t + 1), 0)]
    chunk = judge_runs(0, cell, 0, 500, runs)
    assert counts == {"encode": 2, "decode": 2}
    assert len(chunk.outputs) == 2
    assert len(chunk.rows) == 1000


def test_a_chunk_holds_half_a_second_of_work_and_never_the_whole_million() -> None:
    cell, key = made_ready("coin-flip", 1_000_000)
    chunk = judge_runs(
        0, cell, 0, 16, [run for t in range(16) for run in Bench(cell, key).run(range(t, t + 1), 0)]
    )
    pace = Pace()
    assert pace.size(0, 1_000_000, 2) <= 16
    pace.learn(chunk)
    assert 1_000 <= pace.size(0, 1_000_000, 2) <= 25_000
    assert pace.size(0, 10, 2) == 10
    assert pace.size(0, 10, 1) == 10


def test_chunks_shrink_towards_the_end_so_that_workers_finish_together() -> None:
    pace = Pace()
    pace.seconds[0] = 0.005
    sizes, left = [], 400
    while left:
        sizes.append(pace.size(0, left, 2))
        left -= sizes[-1]
    assert sizes[0] == 100
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] <= 12
    assert len(sizes) <= 16


HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "sklearn", "statsmodels", "joblib", "flint"}
PLOTTING = {"scipy", "pandas", "matplotlib", "sklearn", "statsmodels"}


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [(["--help"], HEAVY), (["run", "--help"], PLOTTING), (["reproduce", "--help"], PLOTTING)],
)
def test_help_imports_nothing_that_it_does_not_need(words: list[str], unwanted: set[str]) -> None:
    program = (
        "import sys\nfrom onehalf.cli import main\n"
        f"assert main({words!r}) == 0\nprint('MODULES', *(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.rpartition("MODULES ")[2].split())
    assert "onehalf" in loaded
    assert not loaded & unwanted
