"""PDFs embed their fonts without layout tables, and print the same letters."""

import io
import re
import time
import zlib

from fontTools.ttLib import TTFont
from matplotlib.backends import _backend_pdf_ps as cutting
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont

from analysis.figures.embedding import LAYOUT, lean_fonts, without_layout
from analysis.figures.style import drawing
from analysis.figures.svg import to_bytes


def embedded(body: bytes) -> list[TTFont]:
    """The TrueType fonts within a PDF."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
    plain = [zlib.decompress(stream) for stream in streams if stream[:1] == b"x"]
    return [TTFont(io.BytesIO(font)) for font in plain if font[:4] == b"\0\1\0\0"]


def pdf(lean: bool) -> bytes:
    figure, buffer = Figure(figsize=(2, 1)), io.BytesIO()
    figure.text(0.1, 0.5, "AV ι¹ ≤ 1/2")
    if lean:
        return to_bytes(figure, "pdf")
    with drawing(svg__hashsalt="file"):
        figure.savefig(buffer, format="pdf")
    return buffer.getvalue()


def test_a_pdf_has_the_same_glyphs_and_no_layout_tables() -> None:
    ours, plain = embedded(pdf(lean=True)), embedded(pdf(lean=False))
    assert len(ours) == len(plain) > 0
    for one, other in zip(ours, plain, strict=True):
        assert not set(LAYOUT) & set(one.keys())
        assert one.getGlyphOrder() == other.getGlyphOrder()
        for name in other.getGlyphOrder():
            assert one["glyf"][name] == other["glyf"][name]
            assert one["hmtx"][name] == other["hmtx"][name]


def test_cutting_a_font_takes_less_than_half_of_the_time() -> None:
    plain = findfont("DejaVu Sans")
    lean = without_layout(plain)
    assert lean == without_layout(plain) != plain

    def seconds(font: object) -> float:
        begun = time.process_time()
        with cutting.get_glyphs_subset(font, set(range(30, 100))):
            return time.process_time() - begun

    ratios = sorted(seconds(lean) / seconds(plain) for _ in range(3))
    assert ratios[0] < 0.5


def test_matplotlib_is_left_as_it_was() -> None:
    before = cutting.get_glyphs_subset
    with lean_fonts():
        assert cutting.get_glyphs_subset is not before
    assert cutting.get_glyphs_subset is before
