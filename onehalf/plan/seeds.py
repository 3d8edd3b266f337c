"""Seeds: every trial's stream derives from (root seed, named coordinates of its cell, trial number), nothing else.

Streams are Philox's (J. Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011): the key is a hash
of root seed and coordinates, the upper half of the counter is the trial, so that any trial's stream is reached
at once and no two of them meet within 2^128 draws.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISpawnableSeedSequence
from numpy.typing import NDArray


def stream_key(root: int, coordinates: Mapping[str, Any]) -> tuple[int, int]:
    """Return the 128-bit Philox key of a cell as two 64-bit words."""
    text = json.dumps([root, coordinates], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


class _StreamSeed(ISpawnableSeedSequence):
    """Hands a cell's key to Philox as it is, and spawns children that depend on key and trial alone."""

    def __init__(self, key: tuple[int, int], trial: int) -> None:
        self.key = key
        self.trial = trial
        self._spawner: np.random.SeedSequence | None = None

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        """Return the key for Philox's two 64-bit words; anything else is hashed from key and trial."""
        if n_words == 2 and dtype == np.uint64:
            return _words(self.key)
        return self._seeds().generate_state(n_words, dtype)

    def spawn(self, n_children: int) -> list[Any]:
        """Return seed sequences for `Generator.spawn`."""
        return self._seeds().spawn(n_children)

    def _seeds(self) -> np.random.SeedSequence:
        if self._spawner is None:
            self._spawner = np.random.SeedSequence([*self.key, self.trial])
        return self._spawner


@lru_cache(maxsize=16)
def _words(key: tuple[int, int]) -> NDArray[np.uint64]:
    """Return a key as an array that nobody can change: made once for all trials of a cell."""
    words = np.array(key, dtype=np.uint64)
    words.setflags(write=False)
    return words


def generator(key: tuple[int, int], trial: int) -> np.random.Generator:
    """Return the fresh generator of one trial."""
    seed: Any = _StreamSeed(key, trial)
    return np.random.Generator(np.random.Philox(seed, counter=[0, 0, trial, 0]))
