"""Global settings of libraries: defaults in which the trainers that ship run, whatever the caller has set.

A user's own trainer keeps what its file has set; see `algorithms.processes.one_thread` for what every run is given.
"""

from __future__ import annotations

import decimal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import numpy as np

from oracle.arithmetic.floating import Standard


@contextmanager
def default_settings() -> Iterator[None]:
    """A context in which floating point, NumPy, `decimal`, `warnings`, scikit-learn and PyTorch are set as at first.

    Libraries that are not imported are left alone. What was set is set again at the end.
    """
    with ExitStack() as stack:
        stack.enter_context(Standard())
        stack.enter_context(np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"))
        stack.enter_context(decimal.localcontext(decimal.Context(prec=28)))
        stack.enter_context(warnings.catch_warnings())
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        if "sklearn" in sys.modules:
            stack.enter_context(sys.modules["sklearn"].config_context(**_sklearn_defaults()))
        if "torch" in sys.modules:
            stack.enter_context(_torch_defaults(sys.modules["torch"]))
        yield


def _sklearn_defaults() -> dict[str, Any]:
    """Return scikit-learn's settings in a new thread, which are those that it begins with."""
    if not _found:
        asking = threading.Thread(target=lambda: _found.update(sys.modules["sklearn"].get_config()))
        asking.start()
        asking.join()
    return _found


_found: dict[str, Any] = {}


@contextmanager
def _torch_defaults(torch: Any) -> Iterator[None]:
    kept = {
        torch.set_default_dtype: torch.get_default_dtype(),
        torch.set_float32_matmul_precision: torch.get_float32_matmul_precision(),
        torch.set_num_threads: torch.get_num_threads(),
    }
    deterministic = torch.are_deterministic_algorithms_enabled()
    only_warn = torch.is_deterministic_algorithms_warn_only_enabled()
    try:
        torch.set_default_dtype(torch.float32)
        torch.set_float32_matmul_precision("highest")
        torch.set_num_threads(1)
        # Saying it where it holds already imports a compiler, which takes seconds in every child.
        if deterministic:
            torch.use_deterministic_algorithms(False)
        # The context of a device stands before every call, so that it is entered only where it changes something.
        device = nullcontext() if torch.get_default_device().type == "cpu" else torch.device("cpu")
        with torch.inference_mode(False), torch.enable_grad(), device:
            yield
    finally:
        for put, value in kept.items():
            put(value)
        if torch.are_deterministic_algorithms_enabled() != deterministic:
            torch.use_deterministic_algorithms(deterministic, warn_only=only_warn)
