"""The form of ``summary.json`` as a JSON Schema, made from the types of `analysis.summary.schema`.

The schema that ships, ``summary.schema.json`` beside this file, is what `written` returns; a test holds them together.
"""

import json
import types
from importlib import resources
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from analysis.summary.schema import Summary

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILE = "summary.schema.json"
_PLAIN = {int: "integer", float: "number", bool: "boolean", str: "string", type(None): "null"}


def json_schema() -> dict[str, Any]:
    """The schema as JSON values; keys that are not named are allowed, as keys may be added without notice."""
    kinds: dict[str, Any] = {}
    reference = _of(Summary, kinds)
    return {
        "$schema": DRAFT,
        "title": "summary.json of onehalf",
        **reference,
        "$defs": dict(sorted(kinds.items())),
    }


def written() -> str:
    """The schema as the text of its file."""
    return json.dumps(json_schema(), indent=1) + "\n"


def shipped() -> dict[str, Any]:
    """The schema as it ships with this release."""
    text = resources.files("analysis.summary").joinpath(FILE).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _of(kind: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; those of objects are put into `kinds` by name."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if is_typeddict(kind):
        if kind.__name__ not in kinds:
            kinds[kind.__name__] = {}  # a name stands before its content, so that objects may hold their like
            kinds[kind.__name__] = _object(kind, kinds)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if origin is NotRequired:
        return _of(inner[0], kinds)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(part, kinds) for part in inner]}
    if origin is list:
        return {"type": "array", "items": _of(inner[0], kinds)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(inner[1], kinds)}
    return {"type": _PLAIN[kind]}


def _object(kind: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {name: _of(hint, kinds) for name, hint in hints.items()},
        "required": sorted(kind.__required_keys__),
    }
