"""Sealed runs: the same records as in a shared process, and nothing for an algorithm to read or to forge."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.registry import resolve
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run, decode_runs, encode_runs, impossible
from onehalf.running.sealed.fork_server import end_servers
from onehalf.running.sealed.values import pack_value, unpack_value
from onehalf.running.supervisor import run_trials
from oracle.networks import Network, encode
from oracle.session import Budget

KEY = (3, 4)
_PROGRAM = """
import json, sys
start = json.loads(sys.stdin.readline())
print(json.dumps({"read": 10}), flush=True)
table = json.loads(sys.stdin.readline())["answer"]
n = start["task"]["architecture"][1]
layers = [[[[table[0][0], 0]] * n, [0] * n], [[[1] * n], [0]]]
print(json.dumps({"output": {"network": layers}, "claim": True}), flush=True)
"""
# What a cheat would look for in its own process: the input, the ledger, and the supervisor's memory and descriptors.
_SPY = """
import gc, os, sys
import onehalf as oh

@oh.algorithm("spy")
def spy(task, rng):
    task.ask(0, 1, 10)
    names = {type(value).__name__ for value in gc.get_objects()}
    frame = sys._getframe()
    while frame is not None:
        names |= {type(value).__name__ for value in frame.f_locals.values()}
        frame = frame.f_back
    guard = int(open(f"/proc/{os.getppid()}/stat").read().rpartition(")")[2].split()[1])
    supervisor = int(open(f"/proc/{guard}/stat").read().rpartition(")")[2].split()[1])
    opened = []
    for place in ("mem", "environ", "fd/0"):
        try:
            path = f"/proc/{supervisor}/{place}"
            os.readlink(path) if place == "fd/0" else open(path, "rb").close()
            opened.append(place)
        except PermissionError:
            pass
    raise ValueError(f"{sorted(names & {'Session', 'Oracle', 'Books', 'Ledger', 'AlternatingTraining'})} {opened}")
"""
_FORGER = """
import os, struct, sys
import onehalf as oh
from onehalf.running.sealed.values import pack_value

@oh.algorithm("forger")
def forger(task, rng):
    frame = sys._getframe()
    while "desk" not in frame.f_locals:
        frame = frame.f_back
    end = frame.f_locals["desk"].channel.end
    body = [b"R\\xff\\xff\\xff\\xff", b"R\\x03\\0\\0\\0abc", b"Z\\0\\0\\0\\0", b"A\\x01\\0\\0\\0x"][rng.integers(4)]
    end.sendall(body)
    os._exit(0)
"""


@pytest.fixture(autouse=True)
def unsealed() -> Iterator[None]:
    yield
    end_servers()


def records(algorithm: str, trials: int, sealed: bool, log: bool = False) -> list[Run]:
    cell = Cell(AlternatingTraining(), "decoy", resolve(algorithm), trials, Budget(seconds=20), log=log)
    return [run._replace(seconds=0) for run in run_trials(replace(cell, sealed=sealed), KEY, 0, trials)]


@pytest.mark.parametrize(("name", "trials"), [("coin-flip", 6), ("mlp-adam", 2), ("patient", 3)])
def test_a_sealed_run_leaves_the_record_of_a_shared_one(name: str, trials: int) -> None:
    assert records(name, trials, sealed=True, log=True) == records(name, trials, sealed=False, log=True)


def test_a_sealed_program_leaves_the_same_record(tmp_path: Path) -> None:
    (tmp_path / "solve.py").write_text(_PROGRAM)
    name = f"exec:{sys.executable} {tmp_path / 'solve.py'}"
    found = records(name, 2, sealed=True)
    assert found == records(name, 2, sealed=False)
    assert {run.status for run in found} == {"halted"}


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_sealed_algorithm_finds_neither_the_input_nor_its_supervisor(tmp_path: Path) -> None:
    (tmp_path / "spy.py").write_text(_SPY)
    assert [run.note for run in records(str(tmp_path / "spy.py"), 1, sealed=True)] == ["ValueError: [] []"]
    shared = records(str(tmp_path / "spy.py"), 1, sealed=False)[0].note
    assert "Session" in shared, "the spy finds what is there to find"


def test_what_a_sealed_process_forges_is_its_own_crash(tmp_path: Path) -> None:
    (tmp_path / "forger.py").write_text(_FORGER)
    found = records(str(tmp_path / "forger.py"), 8, sealed=True)
    assert [(run.trial, run.status, run.shared, run.depth) for run in found] == [
        (trial, "crashed", True, 0) for trial in range(8)
    ]


VALUES: list[Any] = [
    None,
    True,
    -(1 << 70),
    0.1,
    "a\ud800",
    b"x",
    Fraction(-3, 7),
    [1, (2.0, {"a": None})],
    np.float32(0.5),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back(value: Any) -> None:
    found = unpack_value(pack_value(value))
    assert found == value
    assert type(found) is type(value)


def test_arrays_and_networks_come_back() -> None:
    for array in (np.arange(6, dtype=">i4").reshape(2, 3), np.array([[Fraction(1, 3)]], dtype=object)):
        assert np.array_equal(unpack_value(pack_value(array)), array)
    network = Network([(np.array([[0.1, 2.0]]), [1.0])])
    assert encode(unpack_value(pack_value(network))) == encode(network)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 255))
def test_whatever_the_bytes_there_is_a_value_or_a_value_error(noise: bytes, at: int, byte: int) -> None:
    good = bytearray(pack_value([*VALUES, np.ones((2, 2))]))
    good[at % len(good)] = byte
    for body in (noise, bytes(good)):
        try:
            unpack_value(body)
        except ValueError:
            continue


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_whatever_the_bytes_there_are_runs_or_a_value_error(noise: bytes, at: int, byte: int) -> None:
    runs = [
        Run(3, 0, "halted", True, 2, 1, None, 0.5, b"body", "", b"q"),
        Run(4, 0, "error", False, 60, 1, None, 0.5, None, "why"),
    ]
    good = bytearray(encode_runs(runs))
    assert decode_runs(bytes(good)) == runs
    good[at % len(good)] = byte
    for body in (noise, bytes(good)):
        try:
            decode_runs(body)
        except ValueError:
            continue


def test_no_run_that_asked_too_little_is_unshared() -> None:
    assert impossible(False, 53, 53)
    assert not impossible(False, 54, 53)
    assert not impossible(True, 0, 53)


def test_a_message_of_runs_holds_each_output_once() -> None:
    body = bytes(10_000)
    runs = [Run(trial, 0, "halted", True, 2, 1, None, 0.5, body, "", None) for trial in range(50)]
    message = encode_runs(runs)
    assert len(message) < 2 * len(body)
    again = decode_runs(message)
    assert again == runs
    assert len({id(run.output) for run in again}) == 1
    with pytest.raises(ValueError, match="there is something after the runs"):
        decode_runs(message + b"x")
    with pytest.raises(ValueError, match="a run is cut off"):
        decode_runs(message[:-1])
    assert decode_runs(encode_runs(())) == []
