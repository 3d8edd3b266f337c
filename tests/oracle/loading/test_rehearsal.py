"""What a family's file does while it is executed stays with it: nothing of the process is changed, ended or held up."""

import decimal
import os
import random
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import onehalf as oh
from oracle.families import families_in, family_at, find_family
from oracle.loading import rehearsal

FAMILY = Path(oh.__file__).resolve().parents[1] / "examples" / "basis_pursuit.py"


def file_with(folder: Path, lines: str) -> Path:
    path = folder / "mine.py"
    body = FAMILY.read_text().replace("from __future__ import annotations\n", "")
    path.write_text(f"{lines}\n{body}")
    return path


@pytest.mark.parametrize(
    "lines", ["import os; os._exit(0)", "import os; os.abort()", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_file_that_would_end_the_process_is_refused(tmp_path: Path, lines: str) -> None:
    with pytest.raises(oh.InvalidValue, match=r"mine\.py'?: ends its process while it is loaded"):
        find_family(str(file_with(tmp_path, lines)))


def test_a_file_that_does_not_end_is_refused_and_leaves_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "LOAD_SECONDS", 1.0)
    lines = f"import os, subprocess, time\nchild = subprocess.Popen(['sleep', '1000'])\n\
open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\ntime.sleep(1000)"
    began = time.monotonic()
    with pytest.raises(oh.InvalidValue, match="is not loaded after 1 s"):
        find_family(str(file_with(tmp_path, lines)))
    assert time.monotonic() - began < 60
    left = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    until = time.monotonic() + 10
    while (
        left.exists() and left.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < until
    ):
        time.sleep(0.01)
    assert not left.exists() or left.read_text().rpartition(")")[2].split()[0] == "Z"


_DISTURBED = """
import decimal, os, random, signal, sys, warnings
import numpy as np
print("loud"); print("louder", file=sys.stderr)
os.chdir("/"); os.umask(0o077)
signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)
decimal.getcontext().prec = 3
random.seed(1); np.random.seed(1)
np.seterr(all="raise"); np.set_printoptions(precision=1)
warnings.simplefilter("error")
sys.stdout = sys.stderr = None
import matplotlib; matplotlib.rcParams["figure.dpi"] = 7
"""


def test_the_process_is_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    monkeypatch.chdir(tmp_path)
    random.seed(7)
    before = random.getstate()
    kept = (
        *(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), decimal.getcontext().prec),
        *(np.geterr(), np.get_printoptions(), sys.stdout, sys.stderr, list(warnings.filters)),
        matplotlib.rcParams["figure.dpi"],
    )
    assert [family.family for family in families_in(file_with(tmp_path, _DISTURBED)).values()]
    assert Path.cwd() == tmp_path
    assert random.getstate() == before
    mask = os.umask(0o22)
    os.umask(mask)
    assert mask != 0o077
    assert kept == (
        *(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), decimal.getcontext().prec),
        *(np.geterr(), np.get_printoptions(), sys.stdout, sys.stderr, list(warnings.filters)),
        matplotlib.rcParams["figure.dpi"],
    )
    assert capsys.readouterr() == ("", "")


def test_what_raises_is_told_as_it_was(tmp_path: Path) -> None:
    for lines, words in (("1/0", "ZeroDivisionError"), ("import sys; sys.exit(3)", "SystemExit: 3")):
        with pytest.raises(oh.InvalidValue, match=f"cannot be loaded: {words}"):
            find_family(str(file_with(tmp_path, lines)))


def test_a_version_is_rehearsed_once(tmp_path: Path) -> None:
    path = file_with(tmp_path, f"open({str(tmp_path / 'count')!r}, 'a').write('x')")
    for _ in range(3):
        find_family(str(path))
    assert (tmp_path / "count").read_text() == "xx"  # in the child, and here


@pytest.mark.parametrize("ends", ["import os; os._exit(0)", "import sys; sys.exit(0)"])
@pytest.mark.parametrize("parameter", ["cost", "rule"])
def test_a_file_of_a_cost_or_a_rule_ends_nothing_either(tmp_path: Path, parameter: str, ends: str) -> None:
    (tmp_path / "mine.py").write_text(f"{ends}\n")
    with pytest.raises(oh.InvalidValue, match=rf"^{parameter}='.*mine\.py"):
        oh.load_named(parameter, f"{tmp_path / 'mine.py'}::mine")


def test_a_family_of_a_record_is_tried_in_a_child_too(tmp_path: Path) -> None:
    file = file_with(tmp_path, "import os; os._exit(0)")
    with pytest.raises(oh.InvalidValue, match="ends its process while it is loaded"):
        family_at(f"{file}::BasisPursuit", "basis-pursuit")
