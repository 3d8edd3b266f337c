"""Fonts as a PDF embeds them: cut down to the letters used, without the tables that only a typesetter reads.

Matplotlib has fontTools cut the font for each figure, and most of the time goes into the layout tables of a large font,
though no PDF uses them. Here they are taken away once a process, and each figure is cut from what is left.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

LAYOUT = ("GSUB", "GPOS", "GDEF", "BASE", "JSTF", "kern", "MATH")
"""Tables that say how letters are set beside each other; a PDF says where each of them stands."""
_CUTTER = "get_glyphs_subset"


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """A directory that is taken away when the process ends."""
    return tempfile.TemporaryDirectory(prefix="onehalf-fonts-")


@cache
def without_layout(font: Any) -> Any:
    """The path of a copy of a font without layout tables; the font itself where it is not one of TrueType outlines."""
    from fontTools.ttLib import TTFont

    if getattr(font, "face_index", 0):
        return font
    with TTFont(str(font), lazy=True) as found:
        if "glyf" not in found:
            return font
        for table in LAYOUT:
            if table in found:
                del found[table]
        path = Path(_home().name) / f"{abs(hash(str(font)))}.ttf"
        found.save(path, reorderTables=None)
    return type(font)(str(path), 0) if hasattr(font, "face_index") else str(path)


@contextmanager
def lean_fonts() -> Iterator[None]:
    """A context in which PDFs embed fonts without layout tables; nothing where Matplotlib cuts them elsewhere."""
    from matplotlib.backends import _backend_pdf_ps as embedding

    cut: Any = getattr(embedding, _CUTTER, None)
    if cut is None:
        yield
        return
    setattr(embedding, _CUTTER, lambda font, *rest: cut(without_layout(font), *rest))
    try:
        yield
    finally:
        setattr(embedding, _CUTTER, cut)
