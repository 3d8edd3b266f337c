"""One writer for a directory; a disk that is full ends a run, which then goes on."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import onehalf
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record.directory import opened

HOLD = """
import sys
from pathlib import Path
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record.directory import opened
import onehalf
cells = tuple(cells_of([onehalf.AlternatingTraining()], ["decoy"], ["coin-flip"], 5))
with opened(Path(sys.argv[1]), Experiment("run", 1, cells)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_directory_has_one_writer_at_a_time(tmp_path: Path) -> None:
    cells = tuple(cells_of([onehalf.AlternatingTraining()], ["decoy"], ["coin-flip"], 5))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "out")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(onehalf.InvalidValue, match="another run is at work there"),
            opened(tmp_path / "out", Experiment("run", 1, cells)),
        ):
            pass
        other.communicate()
    with opened(tmp_path / "out", Experiment("run", 1, cells)) as store:
        assert store.recorded() == 0


def test_a_full_disk_is_a_sentence_and_the_run_goes_on_later(
    tmp_path: Path, onehalf: "Callable[..., subprocess.CompletedProcess[str]]"
) -> None:
    command = ("run", "coin-flip", "--trials", 20000, "--out", "out", "--jobs", 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300 * 1024, before[1]))
    try:
        stopped = onehalf(*command)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert stopped.returncode == 5, stopped.stderr
    assert "trials.sqlite: cannot be written (" in stopped.stderr.splitlines()[-1]
    assert "Traceback" not in stopped.stderr
    done = onehalf(*command)
    assert done.returncode == 0, done.stderr
