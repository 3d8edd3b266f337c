"""Finding algorithms: the ones that ship, installed plugins, files, and functions of the running program."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cloudpickle

from algorithms.base import Algorithm, registered
from oracle.errors import InvalidValue

_SHIPPED = (
    "algorithms.baselines",
    "algorithms.hedging",
    "algorithms.linear_programs",
    "algorithms.random_features",
    "algorithms.trainers_scipy",
    "algorithms.trainers_sklearn",
)
ENTRY_POINTS = "onehalf.algorithms"


@dataclass(frozen=True)
class Spec:
    """An algorithm with its parameters, as a value that can be written down, sent to a worker and loaded there.

    Attributes
    ----------
    name : str
        The registered name.
    parameters : tuple of (str, value)
        Sorted by name.
    origin : str
        "shipped", "installed", a file's absolute path, or "object".
    payload : bytes
        The pickled algorithm where the origin is "object".
    digest : str
        SHA-256 of its source.
    """

    name: str
    parameters: tuple[tuple[str, Any], ...] = ()
    origin: str = "shipped"
    payload: bytes = b""
    digest: str = ""

    @property
    def label(self) -> str:
        """``name`` or ``name[param=value,…]``."""
        inner = ",".join(f"{k}={_write(v)}" for k, v in self.parameters)
        return f"{self.name}[{inner}]" if inner else self.name

    def load(self) -> Algorithm:
        """Return the algorithm, importing what it needs."""
        return _load(self.name, self.origin, self.payload)


@lru_cache(maxsize=256)
def _load(name: str, origin: str, payload: bytes) -> Algorithm:
    if origin == "object":
        found: Algorithm = cloudpickle.loads(payload)
    elif origin in ("shipped", "installed"):
        found = known()[name]
    else:
        found = load_file(origin)[name]
    for module in found.requires:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise InvalidValue(
                "algorithm", name, f"needs {module}, which cannot be imported ({error})", "install it"
            ) from error
    return found


@lru_cache(maxsize=1)
def known() -> Mapping[str, Algorithm]:
    """Return every algorithm that ships or is installed as a plugin, by name, in order of name."""
    for module in _SHIPPED:
        importlib.import_module(module)
    found = {n: a for n, a in registered.items() if a.function.__module__ in _SHIPPED}
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        before = dict(registered)
        entry.load()
        found.update({n: a for n, a in registered.items() if n not in before})
    return dict(sorted(found.items()))


def shipped_names() -> frozenset[str]:
    """Return the names of the algorithms that ship."""
    return frozenset(n for n, a in known().items() if a.function.__module__ in _SHIPPED)


@lru_cache(maxsize=64)
def load_file(path: str) -> Mapping[str, Algorithm]:
    """Execute a plugin file and return the algorithms it registers, by name.

    Raises
    ------
    InvalidValue
        If the file cannot be read or run, or registers nothing.
    """
    file = Path(path)
    module_name = f"onehalf_plugin_{hashlib.sha256(path.encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if not file.is_file() or spec is None or spec.loader is None:
        raise InvalidValue("algorithm", path, "is no Python file", "give the path of a .py file")
    before = dict(registered)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
        found = {n: a for n, a in registered.items() if before.get(n) is not a}
    except InvalidValue:
        raise
    except Exception as error:
        raise InvalidValue(
            "algorithm", path, f"cannot be loaded: {type(error).__name__}: {error}", "correct the file"
        ) from error
    finally:
        registered.clear()
        registered.update(before)
    if not found:
        raise InvalidValue(
            "algorithm", path, "registers no algorithm", 'decorate a function with @onehalf.algorithm("name")'
        )
    return found


def resolve(what: str | Callable[..., Any] | Algorithm | Spec) -> Spec:
    """Return the spec of an algorithm given by text, by its function, or by itself.

    Text is ``name``, ``name[param=value,…]``, ``file.py`` (which must register one algorithm) or
    ``file.py::name``, the latter two also with parameters in brackets.

    Raises
    ------
    InvalidValue
        If there is no such algorithm or parameter.
    """
    if isinstance(what, Spec):
        return what
    if isinstance(what, str):
        return _resolve_text(what)
    found = what if isinstance(what, Algorithm) else _registered_as(what)
    shipped = known().get(found.name)
    if shipped is not None and shipped.function is found.function:
        return Spec(found.name, (), _origin(found.name), b"", found.digest())
    found.check_parameters({})
    return Spec(found.name, (), "object", _pickle(found), found.digest())


def _pickle(found: Algorithm) -> bytes:
    """Return bytes from which a worker, which may not be able to import its module, makes the algorithm."""
    module = sys.modules.get(found.function.__module__)
    if module is None or found.function.__module__ == "__main__":
        return bytes(cloudpickle.dumps(found))
    cloudpickle.register_pickle_by_value(module)
    try:
        return bytes(cloudpickle.dumps(found))
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def _resolve_text(text: str) -> Spec:
    place, parameters = split_parameters(text)
    path, _, wanted = place.partition("::")
    if path.endswith(".py"):
        origin = str(Path(path).resolve())
        offer = load_file(origin)
        name = wanted or (next(iter(offer)) if len(offer) == 1 else "")
        what = f"{path} registers"
    elif place in registered and place not in known():
        spec = resolve(registered[place])
        registered[place].check_parameters(parameters)
        return replace(spec, parameters=tuple(sorted(parameters.items())))
    else:
        offer, name, what = known(), place, "these ship or are installed:"
        origin = _origin(name)
    if name not in offer:
        rule = "is no algorithm" if name else "registers more than one algorithm; name one as file.py::name"
        raise InvalidValue("algorithm", text, rule, f"{what} {', '.join(offer)}")
    found = offer[name]
    found.check_parameters(parameters)
    return Spec(name, tuple(sorted(parameters.items())), origin, b"", found.digest())


def _origin(name: str) -> str:
    return "shipped" if name in shipped_names() else "installed"


def _registered_as(function: Callable[..., Any]) -> Algorithm:
    for found in registered.values():
        if found.function is function:
            return found
    for found in known().values():
        if found.function is function:
            return found
    raise InvalidValue(
        "algorithm",
        getattr(function, "__name__", function),
        "is not registered",
        'decorate the function with @onehalf.algorithm("name")',
    )


def split_parameters(text: str) -> tuple[str, dict[str, Any]]:
    """Split ``name[param=value,…]`` into name and parameters; values are literals, bare words are strings.

    Raises
    ------
    InvalidValue
        If the brackets or an item cannot be read.
    """
    place, bracket, rest = text.partition("[")
    if not bracket:
        return text.strip(), {}
    rule, remedy = "parameters are written name[param=value,param=value]", "check brackets and commas"
    if not rest.endswith("]"):
        raise InvalidValue("algorithm", text, rule, remedy)
    parameters = {}
    for item in _split_items(rest[:-1]):
        name, equals, value = item.partition("=")
        if not equals or not name.strip().isidentifier() or name.strip() in parameters:
            raise InvalidValue("algorithm", text, rule, remedy)
        parameters[name.strip()] = _read(value.strip())
    return place.strip(), parameters


def _split_items(inner: str) -> list[str]:
    """Split at commas outside brackets and quotes."""
    items, depth, quote, start = [], 0, "", 0
    for at, sign in enumerate(inner):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "," and depth == 0:
            items.append(inner[start:at])
            start = at + 1
    items.append(inner[start:])
    return [item for item in items if item.strip()]


def _read(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _write(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ",".join(_write(v) for v in value) + "]"
    plain = isinstance(value, str) and _read(value) == value and not set(value) & set("[],=\"'")
    return str(value) if plain or not isinstance(value, str) else repr(value)
