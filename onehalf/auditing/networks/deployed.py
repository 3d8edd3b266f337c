"""Where the deployed float32 network gives another class than the exact one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.networks.trained import TrainedNetwork


def disagreements(file: Path, table: Any, network: TrainedNetwork, entered: NDArray[np.object_]) -> list[str]:
    """Return a sentence on the classes of onnxruntime's evaluation, none where it is not installed or does not run."""
    try:
        import onnxruntime
    except ImportError:
        return []
    try:
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        entry = session.get_inputs()[0]
        given = np.asarray(table, dtype=np.float32).reshape(len(entered), *network.shape)
        found = np.array([np.asarray(session.run(None, {entry.name: x[None]})[0]).ravel() for x in given])
    except Exception as error:  # whatever a runtime says: the audit does not rest on it
        return [f"onnxruntime could not run the file: {type(error).__name__}."]
    if network.outputs == 1 or found.shape[1] != network.outputs:
        return []
    exact = [network.exact.values(point) for point in entered]
    other = [
        k
        for k, (row, values) in enumerate(zip(found, exact, strict=True))
        if (int(row.argmax()), int(row.argmin())) != (values.index(max(values)), values.index(min(values)))
    ]
    if not other:
        return [
            f"Run in float32 by onnxruntime, the largest and smallest outputs are the same at all {len(exact)} points."
        ]
    return [
        f"Run in float32 by onnxruntime, which output is largest or smallest differs from the exact network at "
        f"{len(other)} of {len(exact)} points (the first is point {other[0] + 1}); inputs are rounded to float32 there."
    ]
