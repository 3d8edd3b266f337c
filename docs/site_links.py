"""A hook of MkDocs: what a page links to beside docs/, which the site has not, is named instead."""

import re
from typing import Any

_OUTSIDE = re.compile(r"!?\[([^\]]*)\]\(\.\./([^)\s]+)\)")


def on_page_markdown(markdown: str, **given: Any) -> str:
    """Return a page with links to files outside docs/ written as their paths in the sources."""
    return _OUTSIDE.sub(r"\1 (`\2` in the sources)", markdown)
