"""A status means one thing, whatever the streams, the rights and the directories are."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import onehalf as oh
from onehalf import cli
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record import directory as directories
from onehalf.record.directory import MANIFEST, TRIALS, opened
from oracle.errors import CannotGoOn, DamagedRecord, DirectoryInUse

HOME = Path(__file__).resolve().parents[2]
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def words(capsys: pytest.CaptureFixture[str]) -> Command:
    """Call a command in this process and return its status and its words."""

    def call(*arguments: object) -> tuple[int, str]:
        status = cli.main([str(argument) for argument in arguments])
        return status, capsys.readouterr().err

    return call


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of a few trials."""
    place = tmp_path_factory.mktemp("finished") / "run"
    oh.run(oh.AlternatingTraining(), "coin-flip", trials=5, directory=place)
    return place


def experiment(seed: int = 1) -> Experiment:
    """Return the plan of `finished`."""
    cells = tuple(cells_of([oh.AlternatingTraining()], ["decoy"], ["coin-flip"], 5))
    return Experiment("run", seed, cells)


def test_a_foreign_store_is_refused_and_left_as_it_is(finished: Path, tmp_path: Path, words: Command) -> None:
    oh.run(oh.AlternatingTraining(), "coin-flip", trials=5, seed=2, directory=tmp_path / "other")
    shutil.copytree(finished, tmp_path / "run")
    shutil.copy(tmp_path / "other" / TRIALS, tmp_path / "run" / TRIALS)
    before = (tmp_path / "run" / TRIALS).read_bytes()
    sentence = "its cell 0 has root seed '2', the plan '1'"
    with pytest.raises(DamagedRecord, match=sentence), opened(tmp_path / "run", experiment()):
        pass
    for command in ("report", "fsck"):
        assert words(command, tmp_path / "run")[0] == 1
    assert (tmp_path / "run" / TRIALS).read_bytes() == before


def test_another_schema_is_a_sentence(finished: Path, tmp_path: Path, words: Command) -> None:
    shutil.copytree(finished, tmp_path / "run")
    (tmp_path / "run" / MANIFEST).write_text('{"schema": 9, "experiment": {}}')
    status, err = words("report", tmp_path / "run")
    assert (status, "is of schema 9, and this release reads 1" in err) == (2, True)


def test_a_directory_in_use_and_one_without_locks_are_the_environment(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int) -> Callable[..., None]:
        def lock(*arguments: object) -> None:
            raise OSError(number, os.strerror(number))

        return lock

    import errno

    for number, kind, text in (
        (errno.EAGAIN, DirectoryInUse, "another run is at work there"),
        (errno.ENOLCK, CannotGoOn, "its file system gives no lock"),
    ):
        monkeypatch.setattr(directories.fcntl, "lockf", refuse(number))
        with pytest.raises(kind, match=text) as caught, opened(finished, experiment()):
            pass
        assert cli._meaning(caught.value)[0] == cli.ENVIRONMENT


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MemoryError(), 5),
        (PermissionError(13, "Permission denied", "x"), 5),
        (ImportError("libx.so: failed to map segment from shared object"), 5),
        (RuntimeError("can't start new thread"), 5),
        (ImportError("no module named x"), 4),
        (ZeroDivisionError("division by zero"), 4),
    ],
)
def test_errors_of_the_environment_are_no_defects(error: Exception, status: int) -> None:
    assert cli._meaning(error)[0] == status


def test_streams_that_are_closed_full_or_read_by_nobody(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "run")
    shell = """
python=$0
$python -m onehalf fsck run >&-; echo $?
$python -m onehalf fsck run >/dev/full; echo $?
$python -m onehalf run coin-flip --trials 40 --jobs 1 --out new 2>&1 | true; echo ${PIPESTATUS[0]}
$python -m onehalf fsck new run <&- 2>&-; echo $?
"""
    found = subprocess.run(
        ["bash", "-c", shell, sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert [line for line in found.stdout.splitlines() if line.isdigit()] == ["0", "5", "0", "0"], found
    assert "new: as written: 40 trials" in found.stdout
    assert found.stderr.splitlines() == ["onehalf: its output cannot be written (No space left on device)"]


def test_an_archive_that_cannot_be_written_is_read(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run with all rights; what SQLite then says of a file that is read-only is said for it."""
    import sqlite3

    shutil.copytree(finished, tmp_path / "run")
    connect = sqlite3.connect

    def refusing(place: str, **options: object) -> sqlite3.Connection:
        if "mode=rw" in place:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(place, **options)  # type: ignore[call-overload]

    rows = len(oh.load(finished).trials)
    monkeypatch.setattr("onehalf.record.store.sqlite3.connect", refusing)
    assert len(oh.load(tmp_path / "run").trials) == rows == 5
    assert list((tmp_path / "run").glob(f"{TRIALS}-*")) == []


def test_too_little_address_space_is_said_before_a_library_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, words: Command
) -> None:
    monkeypatch.setattr(cli.resource, "getrlimit", lambda kind: (300 << 20, resource.RLIM_INFINITY))
    status, err = words("run", "coin-flip")
    assert status == cli.ENVIRONMENT
    assert err.startswith(
        "onehalf: the address space is limited to 307200 KiB (ulimit -v), and 1048576 are needed;"
    )
    assert words("--version")[0] == cli.DONE
