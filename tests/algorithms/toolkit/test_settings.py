"""What a caller has set in libraries changes no answer of a trainer that ships, and is as it was afterwards."""

from __future__ import annotations

import ctypes
import decimal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import onehalf
from algorithms.toolkit.settings import default_settings
from onehalf.families.training.problem import AlternatingTraining

torch: Any = import_module("torch")
sklearn: Any = import_module("sklearn")
Run = Callable[..., Any]
PROBLEM = AlternatingTraining(exponent=40)


def settings() -> list[Any]:
    """Return what is set, as far as it is a matter of these tests."""
    return [
        np.geterr(),
        decimal.getcontext().prec,
        list(warnings.filters),
        sklearn.get_config(),
        torch.get_default_dtype(),
        torch.get_num_threads(),
        torch.are_deterministic_algorithms_enabled(),
        torch.get_float32_matmul_precision(),
        torch.is_grad_enabled(),
    ]


@contextmanager
def everything_changed() -> Iterator[None]:
    kept = torch.get_default_dtype(), torch.get_num_threads(), torch.get_float32_matmul_precision()
    library = ctypes.CDLL("libm.so.6") if sys.platform == "linux" else None
    with (
        np.errstate(all="raise"),
        decimal.localcontext(decimal.Context(prec=2)),
        warnings.catch_warnings(),
        sklearn.config_context(transform_output="pandas", assume_finite=True),
        torch.no_grad(),
    ):
        warnings.simplefilter("error")
        try:
            torch.set_default_dtype(torch.float64)
            torch.set_num_threads(2)
            torch.use_deterministic_algorithms(True)
            torch.set_float32_matmul_precision("medium")
            if library is not None:
                library.fesetround(0x400)
            yield
        finally:
            if library is not None:
                library.fesetround(0)
            torch.use_deterministic_algorithms(False)
            torch.set_default_dtype(kept[0])
            torch.set_num_threads(kept[1])
            torch.set_float32_matmul_precision(kept[2])


@pytest.mark.parametrize(
    "name",
    ["torch-adam[epochs=20,attempts=1]", "mlp-adam[iterations=30,attempts=1]", "mlp-lbfgs[iterations=30]",
     "mlp-classifier[attempts=1]", "adam[epochs=20,attempts=1]", "scipy-nelder-mead[evaluations=50,attempts=1]"],
)  # fmt: skip
def test_an_answer_does_not_depend_on_what_the_caller_has_set(name: str, run: Run) -> None:
    def answer() -> bytes:
        answers, _ = run(name, PROBLEM, "honest", [3])
        return PROBLEM.encode(answers[0].output if isinstance(answers[0], onehalf.Claim) else answers[0])

    plain = answer()
    with everything_changed():
        before = settings()
        found = answer()
        assert settings() == before
    assert found == plain


def raise_within() -> None:
    with default_settings():
        assert torch.get_default_dtype() is torch.float32
        assert sklearn.get_config()["transform_output"] == "default"
        raise KeyError


def test_settings_are_put_back_also_after_an_exception() -> None:
    with everything_changed():
        before = settings()
        with pytest.raises(KeyError):
            raise_within()
        assert settings() == before


THREADS = """
import sys, torch, onehalf as oh
torch.set_num_threads(2)
a = torch.randn(1500, 1500); (a @ a).sum(); torch.sin(torch.randn(1_000_000)).sum()
net = torch.nn.Linear(2, 1)
net(torch.zeros(28, 2)).sum().backward()

def train(points, labels, architecture):
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    b = torch.randn(600, 600); (b @ b).sum(); torch.sin(torch.randn(500_000)).sum()
    ((net(points)[:, 0] - labels) ** 2).mean().backward()
    return net

mine = oh.from_torch("mine", train)
if __name__ == "__main__":
    for algorithm in ("torch-adam[attempts=1]", mine):
        result = oh.run(oh.AlternatingTraining(exponent=53), algorithm, oracle="decoy", trials=2,
                        budget=oh.Budget(seconds=60))
        print(result.trials["status"].tolist())
    print(torch.get_num_threads())
"""


def test_threads_of_the_parent_s_do_not_make_a_forked_trial_hang() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", THREADS], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.stdout.splitlines() == ["['halted', 'halted']"] * 2 + ["2"], ran.stderr


def test_what_holds_is_not_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """To say it imports PyTorch's compiler, in every child anew, where its caller has PyTorch at hand."""
    said: list[bool] = []
    monkeypatch.setattr(torch, "use_deterministic_algorithms", lambda mode, **kept: said.append(mode))
    with default_settings():
        assert not torch.are_deterministic_algorithms_enabled()
    assert said == []
