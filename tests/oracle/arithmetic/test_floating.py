"""Verdicts stand on IEEE 754's defaults whatever a library left behind, and what it left is put back."""

import ctypes
import subprocess
import sys
import textwrap

import pytest

PRELUDE = """
import ctypes
{before}
import numpy as np
import onehalf as oh
from math import ldexp
from oracle.arithmetic import floating
from oracle.judge import judge

def wrong_network(architecture, e):
    # Rounded upwards, its value at the points of label 1 is 3/4; exactly it is a hair less, and rejected.
    n1, n2 = architecture
    w = np.zeros((n1, 2)); w[0, 1] = ldexp(1, e)
    b = np.ones(n1); b[0] = 0
    w2 = np.zeros((n2, n1)); w2[0] = ldexp(1, -200); w2[0, 0] = 0.75 - ldexp(1, -53)
    w3 = np.zeros((1, n2)); w3[0, 0] = 1.0
    return oh.Network([(w, b), (w2, np.zeros(n2)), (w3, [0.0])])

problem = oh.AlternatingTraining(hidden=(40, 4), exponent=53)
networks = [wrong_network((40, 4), 53), *(problem.facts.witness(m) for m in problem.inputs)]
"""
BODY = """
right = [[(v.kind, v.margin) for v in row] for row in problem.judge(networks)]
print(right, floating.is_standard())
"""


def outcome(before: str, after: str) -> str:
    source = PRELUDE.format(before=before) + after + BODY
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


needs_libm = pytest.mark.skipif(sys.platform != "linux", reason="fesetround's numbers are Linux's")
MODES = {"down": 0x400, "up": 0x800, "toward zero": 0xC00}
SET = "ctypes.CDLL('libm.so.6').fesetround({})"


@needs_libm
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rounding_mode_left_behind_changes_no_verdict_and_stays(mode: int, when: str) -> None:
    plain, state = outcome("", "").rsplit(" ", 1)
    assert state.strip() == "True"
    change = SET.format(mode)
    found, state = outcome(*((change, "") if when == "before" else ("", change))).rsplit(" ", 1)
    assert found == plain
    assert state.strip() == "False", "the caller's setting is put back"


@needs_libm
def test_without_a_way_to_set_it_everything_is_decided_exactly() -> None:
    change = SET.format(0x800) + "\nfloating._library = lambda: None"
    kinds = outcome("", "").count("rejected")
    assert outcome("", change).count("rejected") == kinds


def test_flushed_subnormals_are_noticed_and_mended() -> None:
    torch = pytest.importorskip("torch")
    from oracle.arithmetic.floating import Standard, is_standard

    if not torch.set_flush_denormal(True):
        pytest.skip("this processor does not flush")
    try:
        assert not is_standard()
        with Standard():
            assert is_standard() or sys.platform != "linux"
        assert not is_standard()
    finally:
        torch.set_flush_denormal(False)
    assert is_standard()


@needs_libm
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_every_rounding_mode_is_told_from_the_right_one(mode: int) -> None:
    from oracle.arithmetic.floating import Standard, is_standard

    library = ctypes.CDLL("libm.so.6")
    library.fesetround(mode)
    try:
        assert not is_standard()
        with Standard():
            assert is_standard()
        assert library.fegetround() == mode
    finally:
        library.fesetround(0)
    assert is_standard()
