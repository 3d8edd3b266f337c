"""Trainers state what is their own; what they share is described in one place, and added to each of them."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import cloudpickle
import pytest

from algorithms.algorithm import Claim, registered
from algorithms.parameters.signatures import described_parameters
from algorithms.registry import known, shipped_names
from algorithms.toolkit.restarts import Minimiser, restarted
from algorithms.toolkit.trainer import SHARED, trainer
from oracle.facts import NETWORK_TRAINING


@pytest.fixture(autouse=True)
def nothing_stays_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("algorithms.algorithm.registered", dict(registered))


def test_entries_stand_in_the_order_of_the_signature_and_own_words_win() -> None:
    @trainer("own-words")
    def function(task: Any, rng: Any, *, bits: int = 53, depth: int = 2, attempts: int = 4) -> None:
        """Train.

        Guarantee: none.

        Parameters
        ----------
        depth : int
            How deep.
        attempts : int
            Tries; all of them.

        Source
        ------
        Nobody.
        """

    assert inspect.getdoc(function) == (
        "Train.\n\nGuarantee: none.\n\nParameters\n----------\n"
        "bits : int\n    Binary digits read of every coordinate.\ndepth : int\n    How deep.\n"
        "attempts : int\n    Tries; all of them.\n\nSource\n------\nNobody."
    )


@pytest.mark.parametrize("docstring", ["Train.", "Train.\n\nSource\n------\nNobody."])
def test_a_docstring_without_parameters_gets_them_before_its_other_sections(docstring: str) -> None:
    def function(task: Any, rng: Any, *, epochs: int = 3, unheard_of: int = 1) -> None: ...

    function.__doc__ = docstring
    text = inspect.getdoc(trainer("bare")(function)) or ""
    assert text.startswith("Train.\n\nParameters\n----------\nepochs : int\n    " + SHARED["epochs"])
    assert dict(described_parameters(text)) == {"epochs": "Most passes over the data in one attempt"}
    assert text.endswith("Nobody.") == docstring.endswith("Nobody.")


def test_a_docstring_stays_as_it_is_where_there_are_no_parameters() -> None:
    @trainer("no-parameters")
    def function(task: Any, rng: Any) -> None:
        """Train."""

    assert function.__doc__ == "Train."


def test_a_restarted_minimiser_has_its_own_parameters_among_the_shared_ones() -> None:
    @restarted("still", requires=("math",), neurons=2, attempts=3)
    def still(*, length: float = 0.5, mode: str | None = None) -> Minimiser:
        """Stay."""
        return lambda loss, start, rng: (start, True)

    signature = inspect.signature(still)
    assert list(signature.parameters) == ["task", "rng", "bits", "length", "mode", "neurons", "attempts"]
    assert signature.return_annotation is Claim
    found = registered_as("still")
    assert {name: (p.default, p.kind) for name, p in found.parameters.items()} == {
        "bits": (53, "int"),
        "length": (0.5, "float"),
        "mode": (None, "str or None"),
        "neurons": (2, "int"),
        "attempts": (3, "int"),
    }
    assert (found.role, found.families, found.requires) == ("trainer", (NETWORK_TRAINING,), ("math",))
    with pytest.raises(TypeError, match="unexpected keyword argument 'unknown'"):
        still(None, None, unknown=1)


@pytest.mark.parametrize("name", sorted(n for n in shipped_names() if known()[n].role == "trainer"))
def test_trainers_are_pickled_by_reference(name: str) -> None:
    function = known()[name].function
    for module in (pickle, cloudpickle):
        assert module.loads(module.dumps(function)) is function


def registered_as(name: str) -> Any:
    import algorithms.algorithm

    return algorithms.algorithm.registered[name]
