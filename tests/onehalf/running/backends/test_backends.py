"""Wherever trials are run, the record is the one of a run on one worker of this machine."""

import dataclasses
import json
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.rule import read_until
from onehalf.record.directory import TRIALS, opened
from onehalf.record.store import Store
from onehalf.running.backends import delivery
from onehalf.running.backends.choice import Backend
from onehalf.running.backends.delivery import Parcel, Reply, carried_out, parcel_of
from onehalf.running.backends.distant import Distant, WorkersLost
from onehalf.running.listener import Listener
from onehalf.running.run import run_experiment
from onehalf.running.scheduler import WorkersDied, execute
from onehalf.running.sealed.fork_server import end_servers
from onehalf.running.worker import work
from oracle.errors import InvalidValue
from oracle.namespaces import pack
from oracle.sources import at_hand

Rows = Callable[..., list[tuple[Any, ...]]]
PROBLEM = oh.AlternatingTraining(exponent=8, hidden=(2,))


class AtOnce(Distant):
    """A cluster of one that does each task when it is waited for, and now and then is lost."""

    losses = (ConnectionError,)

    def __init__(self, parcel: Parcel, allow_mixed: bool = False, lost_at: Collection[int] = ()) -> None:
        super().__init__(Backend("loky"), parcel, allow_mixed)
        self.workers, self.done, self.lost_at = 1, 0, lost_at
        self.cancelled: list[Any] = []
        self.edit: Callable[[Reply], Reply] = lambda reply: reply

    def ready(self) -> None:
        """There is one always."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return len(self.cancelled), self.done, arguments[1][3:], function, arguments

    def finished(self, tasks: Collection[Any]) -> Any:
        return next(reversed(list(tasks)))

    def value(self, task: Any) -> Any:
        self.done += 1
        if self.done in self.lost_at:
            raise ConnectionError
        _, _, _, function, arguments = task
        return self.edit(function(*arguments))

    def cancel(self, tasks: Iterable[Any]) -> None:
        self.cancelled += list(tasks)


def plan(*more: Any) -> Experiment:
    """Return a cell of a fixed number of trials and one that stops early."""
    fixed = cells_of([PROBLEM], ["decoy"], ["random-depth", *more], 40)
    stopping = cells_of([PROBLEM], ["decoy"], ["reader[bits=12]"], 300, until=read_until("decided"))
    return Experiment("away", 5, (*fixed, *stopping))


def run_on(engine: Distant, experiment: Experiment, place: Path) -> Path:
    """Run an experiment on an engine."""
    with opened(place, experiment, engine.allow_mixed) as store:
        assert execute(experiment, store, engine, Listener()) == []
    return place


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan run by one worker of this machine."""
    return run_experiment(plan(), tmp_path_factory.mktemp("serial"), jobs=1).directory


@pytest.fixture
def travelling(tmp_path: Path) -> Path:
    """A plugin beside a module and a file of data that it needs."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "aside.py").write_text("STEP = 0.3\n")
    (home / "data.txt").write_text("2")
    (home / "plug.py").write_text(
        "from pathlib import Path\nimport aside\nimport onehalf as oh\n"
        "BASE = int((Path(__file__).parent / 'data.txt').read_text())\n"
        "@oh.algorithm('travels', sources=['data.txt'])\n"
        "def travels(task, rng):\n"
        "    task.ask(0, 1, BASE + int(rng.geometric(aside.STEP)))\n"
        "    return task.witness(task.members[rng.integers(2)])\n"
        "class Own(oh.AlternatingTraining):\n"
        "    family = 'own'\n"
    )
    return home


def test_losses_and_disorder_change_no_row(serial: Path, tmp_path: Path, rows: Rows) -> None:
    engine = AtOnce(parcel_of(plan()), lost_at={2, 3, 5})
    assert rows(run_on(engine, plan(), tmp_path / "run")) == rows(serial)
    assert engine.done > 5
    hopeless = AtOnce(parcel_of(plan()), lost_at=range(100))
    with pytest.raises(WorkersDied, match="5 times in a row"):
        run_on(hopeless, plan(), tmp_path / "none")
    assert issubclass(WorkersLost, hopeless.lost)


def test_threads_give_the_rows_of_one_worker(serial: Path, tmp_path: Path, rows: Rows) -> None:
    found = run_experiment(plan(), tmp_path / "run", jobs=2, backend=Backend("threading"))
    assert rows(found) == rows(serial)


def test_plugins_travel_by_content(travelling: Path, tmp_path: Path, rows: Rows) -> None:
    file = travelling / "plug.py"
    own = oh.run(f"{file}::Own[exponent=8,hidden=[2]]", str(file), trials=12, seed=2, name="x")
    experiment = own.experiment
    parcel = parcel_of(experiment)
    assert parcel.digest
    cell, key = experiment.cells[0], experiment.keys()[0]
    call = 0, pack(cell), key, 0, 12
    shutil.move(travelling, tmp_path / "elsewhere")
    end_servers()
    assert carried_out(work, call, parcel.digest, None).lacking
    with pytest.raises(InvalidValue, match="came to a worker as another"):
        carried_out(work, call, parcel.digest, b"")
    engine = AtOnce(parcel)
    (chunk,) = engine.results(work, [call])
    assert engine.done == 2, "the first reply says that the files are lacking"
    table = own.outcomes
    assert [row[6] for row in chunk.rows] == table["depth"].tolist()
    assert [row[11] for row in chunk.rows] == table["output"].tolist()
    # What is delivered is what was sent, whatever stands at the place by now.
    travelling.mkdir()
    file.write_text("raise SystemExit")
    (again,) = engine.results(work, [call])
    assert [row[:9] for row in again.rows] == [row[:9] for row in chunk.rows]
    assert not carried_out(len, ("abc",), "", None).lacking


def test_files_that_are_gone_are_told_before_anything_is_sent(travelling: Path) -> None:
    cells = tuple(cells_of([PROBLEM], ["decoy"], [str(travelling / "plug.py")], 2))
    (travelling / "plug.py").unlink()
    with pytest.raises(InvalidValue, match=r"plug\.py"):
        parcel_of(Experiment("x", 1, cells))


def test_workers_that_compute_otherwise_are_refused_or_told(tmp_path: Path) -> None:
    def old(reply: Reply) -> Reply:
        told = {**json.loads(reply.environment), "numpy": "1.0.0", "python": "3.9.1"}
        return reply._replace(environment=json.dumps(told), house="another")

    engine = AtOnce(parcel_of(plan()))
    engine.edit = old
    with pytest.raises(
        InvalidValue, match=r"numpy .*, now 1\.0\.0; python .*, now 3\.9; other files of onehalf"
    ):
        run_on(engine, plan(), tmp_path / "run")
    mixed = AtOnce(parcel_of(plan()), allow_mixed=True)
    mixed.edit = lambda reply: old(reply) if mixed.done % 2 else reply
    run_on(mixed, plan(), tmp_path / "run")
    notes = oh.load(tmp_path / "run").summary()["provenance"]["notes"]
    assert any("computed by different versions" in note for note in notes)
    store = Store.to_read(tmp_path / "run" / TRIALS)
    try:
        assert {one["numpy"] for one in store.environments()} > {"1.0.0"}
    finally:
        store.close()


def test_a_parcel_that_is_in_use_is_not_exchanged(travelling: Path) -> None:
    cells = tuple(cells_of([PROBLEM], ["decoy"], [str(travelling / "plug.py")], 2))
    one = parcel_of(Experiment("x", 1, cells))
    (travelling / "aside.py").write_text("STEP = 0.5\n")
    two = parcel_of(Experiment("x", 1, cells))
    assert one.digest != two.digest
    shelf = delivery._Shelf()
    with shelf.open(one.digest, one.body), shelf.open(one.digest, None):
        assert shelf.holds(one.digest)
        assert "0.3" in (at_hand(travelling / "aside.py")).read_text()
    with shelf.open(two.digest, two.body):
        assert "0.5" in (at_hand(travelling / "aside.py")).read_text()
    with shelf.open("", None):
        assert at_hand(travelling / "aside.py") == travelling / "aside.py"


def test_dask_gives_the_rows_of_one_worker(serial: Path, tmp_path: Path, rows: Rows) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    options = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options, protocol="tcp", silence_logs=50) as cluster:
        address = Backend("dask", cluster.scheduler_address)
        assert rows(run_experiment(plan(), tmp_path / "run", backend=address)) == rows(serial)
        (tmp_path / "scheduler.json").write_text(json.dumps({"address": cluster.scheduler_address}))
        named = oh.run(PROBLEM, "coin-flip", trials=3, backend=f"dask={tmp_path / 'scheduler.json'}")
        assert rows(named) == rows(oh.run(PROBLEM, "coin-flip", trials=3))


def test_dask_without_a_scheduler_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask")
    from onehalf.running.backends import on_dask
    from oracle.errors import CannotGoOn

    monkeypatch.setattr(on_dask, "_PATIENCE_SECONDS", 0.2)
    with pytest.raises(CannotGoOn, match="no scheduler with a worker answers"):
        oh.run(PROBLEM, "coin-flip", trials=2, backend="dask=tcp://127.0.0.1:9")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from onehalf.running.backends import choice

    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        InvalidValue, match=r"needs ray, which is not installed; pip install 'onehalf\[ray\]'"
    ):
        Backend("ray")
    assert dataclasses.astuple(Backend("loky")) == ("loky", "")
