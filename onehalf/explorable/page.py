"""The page itself: one file that needs no network and no server."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from collections.abc import Mapping
from typing import Any

import jinja2

from analysis.figures.style import COLOURS


def explorable_page(views: Mapping[str, Any]) -> str:
    """Return the page of what `views_of` found."""
    folder = importlib.resources.files("onehalf").joinpath("templates")
    script = folder.joinpath("explore.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # Within a script element only "</" could end the data.
    data = json.dumps(views, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    environment = jinja2.Environment(autoescape=True)
    template = environment.from_string(folder.joinpath("explore.html").read_text(encoding="utf-8"))
    return template.render(
        algorithm=views["algorithm"], data=data, script=script, digest=digest, colours=COLOURS
    )
