"""The adapter of Ray, on a stand-in for it: where this machine's node is gone, the run connects again and goes on."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from onehalf.running.backends.choice import Backend
from onehalf.running.backends.distant import WorkersLost
from oracle.errors import CannotGoOn

_PLACE = "onehalf.running.backends.on_ray"
_PARCEL = SimpleNamespace(digest="", body=b"")


class Stand(ModuleType):
    """Ray as far as it is used: tasks are done where they are waited for; it can be lost, and be away."""

    def __init__(self) -> None:
        super().__init__("ray")
        names = ("RayError", "RayTaskError", "LocalRayletDiedError", "NodeDiedError", "RaySystemError")
        self.exceptions = ModuleType("ray.exceptions")
        base = type("RayError", (Exception,), {})
        for name in names:
            setattr(self.exceptions, name, base if name == "RayError" else type(name, (base,), {}))
        self.said: list[tuple[Any, ...]] = []
        self.fault = ""
        self.away = False

    def init(self, **given: Any) -> None:
        self.said.append(("init", given["address"]))
        if self.away:
            raise ConnectionError("nobody there")

    def shutdown(self) -> None:
        self.said.append(("shutdown",))

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def remote(self, **options: Any) -> Any:
        return lambda function: SimpleNamespace(remote=lambda *a: object())

    def wait(self, tasks: list[Any], num_returns: int) -> tuple[list[Any], list[Any]]:
        if self.fault:
            raise getattr(self.exceptions, self.fault)
        return tasks[:1], tasks[1:]

    def get(self, task: Any) -> Any:
        return task

    def cancel(self, task: Any, force: bool) -> None:
        self.said.append(("cancel",))


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    found = Stand()
    monkeypatch.setitem(sys.modules, "ray", found)
    monkeypatch.setitem(sys.modules, "ray.exceptions", found.exceptions)
    monkeypatch.delitem(sys.modules, _PLACE, raising=False)
    yield found
    sys.modules.pop(_PLACE, None)


def lost(engine: Any) -> None:
    with pytest.raises(WorkersLost):
        next(engine.results(print, [((), {})]))


@pytest.mark.parametrize("fault", ["LocalRayletDiedError", "NodeDiedError", "RaySystemError"])
def test_where_the_node_is_gone_a_run_connects_as_at_the_beginning(stand: Stand, fault: str) -> None:
    engine = importlib.import_module(_PLACE).OnRay(Backend("loky"), _PARCEL, False)
    engine.backend = SimpleNamespace(address="")
    engine.ready()
    assert stand.said == []
    stand.fault = fault
    lost(engine)
    assert stand.said == []  # nobody is there who could cancel
    stand.fault = ""
    engine.ready()
    assert stand.said == [("shutdown",), ("init", "local")]
    engine.ready()
    assert len(stand.said) == 2


def test_where_a_worker_is_gone_the_cluster_stays(stand: Stand) -> None:
    engine = importlib.import_module(_PLACE).OnRay(Backend("loky"), _PARCEL, False)
    stand.fault = "RayError"
    engine.backend = SimpleNamespace(address="")
    lost(engine)
    engine.ready()
    assert set(stand.said) == {("cancel",)}


def test_where_nobody_answers_any_more_it_is_said(stand: Stand) -> None:
    engine = importlib.import_module(_PLACE).OnRay(Backend("loky"), _PARCEL, False)
    engine.backend = SimpleNamespace(address="10.0.0.1:6379")
    stand.fault, stand.away = "NodeDiedError", True
    lost(engine)
    with pytest.raises(CannotGoOn, match="no cluster answers"):
        engine.ready()
    assert stand.said[-1] == ("init", "10.0.0.1:6379")
