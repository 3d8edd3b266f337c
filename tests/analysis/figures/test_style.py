"""Figures show names as they are, and look the same whatever Matplotlib has been set to."""

import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from analysis.figures.style import (
    axes,
    drawing,
    entry_name,
    lay_out,
    legend,
    looks,
    plain_powers,
    points,
    visible,
)
from analysis.figures.svg import to_bytes, to_svg
from tests.scale import several

ENTRY = {"rate": 0.5, "interval": (0.4, 0.6)}
NAMES = [
    *("_hidden", "_nolegend_", "$$", "a$b", "$x_1$", "$\\frac$", "\\alpha", "日本語", "<b>x</b>", "a&b%c#d"),
    *("{{7*7}}", "🙂", "US$5-US$10", "$HOME-$PATH", "cost$^2"),
    *("\x01\x1b[31m", "a\x00b", "\ud800", "\u202eevil", "\ufffe"),
]


def drawn(name: str, axis: str = "e") -> Figure:
    with drawing():
        figure, area = axes(f"{name}, blind oracle", axis, "success")
        points(area, [1, 2], [ENTRY, ENTRY], looks([name])[name], name)
        points(area, [1, 2], [ENTRY, ENTRY], looks([name])[name], "plain")
        legend(area)
        lay_out(figure)
    return figure


def texts(file: bytes) -> list[str]:
    root = ElementTree.fromstring(file)
    return ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_shown_as_it_is_in_title_and_legend(name: str) -> None:
    figure = drawn(name)
    found = texts(to_bytes(figure, "svg"))
    assert visible(name) in found
    assert "plain" in found
    assert f"{visible(name)}, blind oracle" in found
    assert to_bytes(figure, "png")
    assert ElementTree.fromstring(to_svg(to_bytes(figure, "svg"), name, name, "x"))


@settings(derandomize=True, deadline=None, max_examples=several(20, 200))
@given(st.text(max_size=12))
def test_no_name_costs_a_figure(name: str) -> None:
    # A line feed divides a text in two.
    found = "".join(texts(to_bytes(drawn(name), "svg")))
    assert re.sub(r"\s", "", visible(name)) in re.sub(r"\s", "", found)


def test_settings_of_the_user_s_reach_no_figure() -> None:
    before = to_bytes(drawn("adam"), "svg")
    changes = {
        "text.usetex": True, "svg.fonttype": "path", "font.size": 30.0, "axes.grid": True, "lines.linewidth": 9.0,
        "axes.facecolor": "black", "axes.unicode_minus": False, "legend.loc": "best", "savefig.transparent": True,
        "errorbar.capsize": 9.0, "path.sketch": (1, 2, 3), "figure.constrained_layout.use": False,
        "axes.prop_cycle": mpl.cycler(color=["red"]), "savefig.bbox": "tight",
    }  # fmt: skip
    with mpl.rc_context(changes):
        assert to_bytes(drawn("adam"), "svg") == before
        assert mpl.rcParams["text.usetex"]
        with drawing():
            assert not mpl.rcParams["text.usetex"]
        assert mpl.rcParams["font.size"] == 30.0


def test_drawing_leaves_what_is_no_matter_of_style_as_it_is() -> None:
    backend = mpl.get_backend()
    with mpl.rc_context({"savefig.directory": "/elsewhere"}), drawing():
        assert mpl.get_backend() == backend
        assert mpl.rcParams["savefig.directory"] == "/elsewhere"


def test_the_library_s_own_power_is_typeset_and_a_family_s_words_are_not() -> None:
    assert not any("$" in text for text in texts(to_bytes(drawn("adam", "e, apart by 2⁻ᵉ"), "svg")))
    assert "cost in US$ or $A" in texts(to_bytes(drawn("adam", "cost in US$ or $A"), "svg"))


@pytest.mark.parametrize(
    ("base", "values", "shown"), [(10, [10, 1000], "10²"), (2, [1, 64], "2⁴"), (10, [2, 5], "3×10⁰")]
)
def test_powers_are_written_as_text(base: int, values: list[float], shown: str) -> None:
    with drawing():
        figure, area = axes("title", "budget", "success")
        area.set_xscale("log", base=base)
        plain_powers(area.xaxis, base)
        area.plot(np.array(values), [0.2, 0.8])
    found = texts(to_bytes(figure, "svg"))
    assert shown in found
    assert not any("$" in text or "\\" in text for text in found)


def test_a_label_is_marked_only_where_matplotlib_would_leave_it_out() -> None:
    assert entry_name("adam") == "adam"
    assert entry_name(None) is None
    assert not str(entry_name("_x")).startswith("_")
