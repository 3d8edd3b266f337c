"""A backend as it is named: `loky`, `threading`, `dask=tcp://…`, `ray=ADDRESS`."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

from oracle.errors import InvalidValue

_NEEDS = {"loky": (), "threading": (), "dask": ("dask", "distributed"), "ray": ("ray",)}
BACKENDS = tuple(_NEEDS)
_FAR = ("dask", "ray")


@dataclass(frozen=True, slots=True)
class Backend:
    """Where work is done.

    Attributes
    ----------
    name : str
        loky (processes of this machine), threading (threads, each with a process for its trials), dask, ray.
    address : str
        Of a scheduler, or a file that holds it; "" for one that is started for the run on this machine.
    """

    name: str
    address: str = ""

    def __post_init__(self) -> None:
        if self.name not in BACKENDS:
            known = ", ".join(BACKENDS)
            raise InvalidValue(
                "backend", self.name, "is none", f"choose from {known}; dask and ray take =ADDRESS"
            )
        if self.address and self.name not in _FAR:
            rule = "takes no address: it is this machine"
            raise InvalidValue("backend", str(self), rule, f"write {self.name}")
        missing = [module for module in _NEEDS[self.name] if importlib.util.find_spec(module) is None]
        if missing:
            rule = f"needs {missing[0]}, which is not installed"
            raise InvalidValue("backend", str(self), rule, f"pip install 'onehalf[{self.name}]'")

    def __str__(self) -> str:
        return f"{self.name}={self.address}" if self.address else self.name

    @property
    def far(self) -> bool:
        """Whether its workers may be on other machines."""
        return self.name in _FAR


def read_backend(written: Any) -> Backend | None:
    """Return the backend of ``"dask=tcp://10.0.0.1:8786"`` and the like; None where none is named.

    Raises
    ------
    InvalidValue
        If it is none, or what it needs is not installed.
    """
    if written is None or isinstance(written, Backend):
        return written
    if not isinstance(written, str):
        raise InvalidValue("backend", written, "must be text", 'write for example "dask=tcp://10.0.0.1:8786"')
    name, equals, address = written.partition("=")
    if equals and not address:
        raise InvalidValue("backend", written, "has no address after =", f"write {name}, or {name}=ADDRESS")
    return Backend(name, address)
