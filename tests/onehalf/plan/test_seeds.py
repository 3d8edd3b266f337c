"""Streams derive from root seed, coordinates and trial alone, and no two of them are alike."""

import hashlib
import itertools
import struct

import numpy as np
import pytest

from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.seeds import generator, stream_key
from oracle.errors import InvalidValue

_WORDS = (10237815891606703437, 872253268963728984)
COORDINATES = {"family": "training", "parameters": {"exponent": 53, "hidden": [8]}, "oracle": "blind"}


def draws(key: tuple[int, int], trial: int, count: int = 4) -> tuple[int, ...]:
    return tuple(generator(key, trial).integers(0, 2**63, size=count).tolist())


def test_a_stream_is_what_it_was() -> None:
    # SHA-256 of the coordinates and Philox are specified to the bit: recorded streams can be made again for ever.
    key = stream_key(1, COORDINATES)
    assert draws(key, 17) == draws(stream_key(1, dict(reversed(COORDINATES.items()))), 17)
    reference = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=[0, 0, 17, 0])
    assert draws(key, 17) == tuple(np.random.Generator(reference).integers(0, 2**63, size=4).tolist())


def test_the_key_is_the_hash_of_a_text_that_any_program_can_write() -> None:
    # printf '[7,{"family":"Übung","größe":[1,"½"]}]' | sha256sum: keys in order, no blanks, letters as they are, UTF-8.
    text = '[7,{"family":"Übung","größe":[1,"½"]}]'
    words = struct.unpack("<2Q", hashlib.sha256(text.encode("utf-8")).digest()[:16])
    assert stream_key(7, {"größe": [1, "½"], "family": "Übung"}) == words == _WORDS


def test_all_streams_of_an_experiment_are_distinct() -> None:
    keys = [
        stream_key(root, {**COORDINATES, "oracle": p})
        for root in range(5)
        for p in ("blind", "decoy", "mirage")
    ]
    assert len(set(keys)) == 15
    firsts = [draws(key, trial) for key, trial in itertools.product(keys, [*range(200), 2**40, 2**63])]
    assert len(set(firsts)) == len(firsts)
    assert len(set(itertools.chain(*firsts))) == 4 * len(firsts)


def test_neighbouring_trials_do_not_overlap() -> None:
    key = stream_key(3, COORDINATES)
    one, two = (set(draws(key, trial, 10_000)) for trial in (0, 1))
    assert not one & two


def test_spawned_children_differ_between_trials_and_from_their_parents() -> None:
    key = stream_key(3, COORDINATES)
    found = [child.integers(0, 2**63) for trial in range(50) for child in generator(key, trial).spawn(2)]
    assert len(set(found)) == 100
    assert found[:2] == [child.integers(0, 2**63) for child in generator(key, 0).spawn(2)]


def test_seeds_depend_neither_on_the_order_of_cells_nor_on_the_number_of_trials() -> None:
    problems = [AlternatingTraining(hidden=(2,), exponent=e) for e in (5, 6, 7)]
    few = list(cells_of(problems, ["blind", "decoy"], ["coin-flip", "reader[bits=3]"], 10))
    many = list(cells_of(problems, ["blind", "decoy"], ["coin-flip", "reader[bits=3]"], 99, group="other"))
    forwards = dict(zip((c.label for c in few), Experiment("a", 1, tuple(few)).keys(), strict=True))
    backwards = reversed(many)
    shuffled = tuple(backwards)
    again = dict(zip((c.label for c in shuffled), Experiment("b", 1, shuffled).keys(), strict=True))
    assert forwards == again
    assert len(set(forwards.values())) == len(forwards) == 12
    assert set(forwards.values()).isdisjoint(Experiment("a", 2, tuple(few)).keys())


@pytest.mark.parametrize("seed", [-1, 1.0, "1", True, None])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    cells = tuple(cells_of([AlternatingTraining(hidden=(2,))], ["blind"], ["coin-flip"], 1))
    with pytest.raises(InvalidValue, match=r"^seed=.*whole number of at least 0"):
        Experiment("x", seed, cells)  # type: ignore[arg-type]
