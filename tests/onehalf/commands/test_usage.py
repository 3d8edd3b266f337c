"""Wrong usage: exit status 2, one sentence that names value, rule and remedy, and no traceback."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.cli import _COMMANDS

Command = Callable[..., tuple[int, str, str]]

# command line, how the last line on the error stream ends or what it holds
REFUSED = {
    "frobnicate": "invalid choice: 'frobnicate'",
    "run": "required: FILE",
    "run nowhere.toml": "file='nowhere.toml': cannot be read (No such file or directory); check the path",
    "run bad.toml": "file='bad.toml': is no TOML",
    "run nowhere.py": "nowhere.py': does not exist; give the path of a .py file",
    "run no-such": "algorithm='no-such': is no algorithm; ",
    "run coin-flip[side=1]": "side=",
    "run exec:./nofile": "onehalf: program='./nofile': is no executable file; check the path, chmod",
    "run reader[bits=deep]": "bits='deep'",
    "run interpolant --problem linear-program": "algorithm='interpolant': ",
    "run coin-flip --oracle kind": "oracle='kind': the training family has honest, ",
    "run coin-flip --problem draining": "is no family of problems; did you mean training? choose one of training, ",
    "run coin-flip --trials 0": "trials=0: must be a whole number of at least 1; take 1 or more",
    "run coin-flip --trials many": "argument --trials: invalid int value: 'many'",
    "run coin-flip --seed -1 --trials 1": "seed=-1: must be a whole number of at least 0",
    "run coin-flip --jobs 0": "jobs=0: must be a whole number of at least 1; take 1 or more",
    "run coin-flip --until never": "until.never=True: is unknown; it has decided, width",
    "run coin-flip --shard 3/2": "shard='3/2': must be i/k, two whole numbers with 1 ≤ i ≤ k",
    "run coin-flip --shard 1/2 --json": "--json=True: is of the whole experiment, which a shard is not",
    "run coin-flip --backend slurm": "backend='slurm': is none; choose from loky, threading, dask, ray; ",
    "run coin-flip --backend loky=3": "backend='loky=3': takes no address: it is this machine",
    "run coin-flip --backend dask=": "backend='dask=': has no address after =",
    "run coin-flip --out .": "out='.': holds files but no experiment; ",
    "reproduce --jobs 0": "jobs=0: must be",
    "reproduce --seed x": "argument --seed: invalid int value: 'x'",
    "reproduce --seed -5 --out new": "seed=-5: must be",
    "stability --exponent 0": "exponent=0: must be a whole number of at least 1",
    "stability --jobs -1": "jobs=-1: must be",
    "report": "required: DIR",
    "report nowhere": "directory='nowhere': holds no experiment",
    "merge": "required: SHARD, --out",
    "merge nowhere --out new": "directory='nowhere': holds no experiment",
    "compare nowhere else": "directory='nowhere': holds no experiment",
    "power": "power='nothing': needs something to work out; give --p, --half-width or --trials",
    "power --p 2": "p=2.0: must lie in [0, 1]",
    "power --half-width 0.9": "half-width=0.9: must lie strictly between 0 and 1/2",
    "power --trials 0": "trials=0: must be at least 1",
    "replay nowhere 0 0": "directory='nowhere': holds no experiment",
    "replay nowhere first 0": "argument CELL: invalid int value: 'first'",
    "attack no-such": "algorithm='no-such': ",
    "attack coin-flip --trials 0": "trials=0: must be a whole number of at least 1",
    "attack coin-flip --jobs 0": "jobs=0: must be a whole number of at least 1; take 1 or more",
    "atlas nowhere.py": "nowhere.py': does not exist; ",
    "atlas --digits 0": "digits=0: must be from 1 to 12; take for example 1",
    "atlas --jobs 0": "jobs=0: must be from 1 to 1024; take for example 1",
    "atlas --seconds 0": "seconds=0.0: must be from 1 to 86400; take for example 1",
    "atlas --exponents 3 60": "exponents=3: must be from 4 to 400; take for example 4",
    "atlas --only no-such": "only='no-such': is the name of no solver; see onehalf atlas --list",
    "atlas --kinds ridge": "invalid choice: 'ridge'",
    "audit": "required: FILE",
    "audit nowhere.mps": "nowhere.mps",
    "verify nowhere.json": "certificate='nowhere.json': does not exist; check the path",
    "prove draining": "problem='draining': is no family of problems",
    "prove --oracle kind": "oracle='kind': the training family has honest, ",
    "algorithms no-such": "algorithm='no-such': ",
    "algorithms --json --markdown": "not allowed with argument --json",
    "check no-such": "algorithm='no-such': ",
    "new algorithm": "required: FILE",
    "new algorithm bad.toml": "bad.toml",
    "new network file.py": "invalid choice: 'network'",
    "completion fish": "invalid choice: 'fish'",
    "explore nowhere": "directory='nowhere': holds no experiment",
    "fsck nowhere": "directory='nowhere': ",
    "problems draining": "problem='draining': is no family of problems",
    "problems --what": "unrecognized arguments: --what",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with one file in it, no TOML."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text("trials = = 3")


@pytest.mark.parametrize("line", REFUSED)
def test_wrong_usage_is_told_in_a_sentence(tmp_path: Path, command: Command, line: str) -> None:
    status, out, err = command(*line.split())
    said = err.splitlines()[-1]
    assert (status, out) == (2, "")
    assert REFUSED[line] in said
    assert re.match(r"onehalf: [\w.-]+=.*: .+; .+|onehalf( \w+)?: error: .+", said), said
    assert "Traceback" not in err
    assert ": error: " in said or err == said + "\n", "nothing comes before a refusal"
    assert sum(text.startswith("onehalf") for text in err.splitlines()) == 1, "one sentence"


def test_the_next_command_is_written_as_a_shell_takes_it(command: Command) -> None:
    assert command("new", "algorithm", "my name.py")[:2] == (
        0,
        "my name.py is written. Now: onehalf check 'my name.py'\n",
    )


def test_every_command_has_a_refusal_above_and_help_with_an_example(command: Command) -> None:
    assert {line.split()[0] for line in REFUSED} == {*_COMMANDS, "frobnicate"}
    for name in _COMMANDS:
        status, out, err = command(name, "--help")
        assert (status, err) == (0, "")
        assert re.search(rf"examples?:\s+onehalf {name}", out), out
        assert "--debug" in out


def test_without_a_command_the_help_is_shown_and_the_status_is_2(command: Command) -> None:
    status, out, _ = command()
    assert status == 2
    assert all(name in out for name in _COMMANDS)


def test_debug_shows_the_error_itself(command: Command) -> None:
    with pytest.raises(ValueError, match=r"^algorithm='no-such'"):
        command("algorithms", "no-such", "--debug")
