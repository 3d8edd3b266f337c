"""Each example of the gallery runs and has the figure that is shown, with its picture and its place on the page."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest

import onehalf as oh
from tests.scale import sample

HOME = Path(__file__).resolve().parents[2]
FOLDER = HOME / "docs" / "gallery"
NAMES = sorted(file.stem for file in (HOME / "examples" / "gallery").glob("*.toml"))
SPEC = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
assert SPEC is not None
assert SPEC.loader is not None
draw = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(draw)


def test_ten_examples_have_a_picture_and_a_place_on_the_page() -> None:
    page = (HOME / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert len(NAMES) == 10
    assert set(draw.PICTURES) == set(NAMES)
    assert sorted(re.findall(r"\(gallery/([\w-]+)\.png\)", page)) == NAMES
    assert sorted(re.findall(r"`([\w-]+)\.toml`", page)) == NAMES
    for name in NAMES:
        assert oh.read_experiment(HOME / "examples" / "gallery" / f"{name}.toml").cells
        assert (FOLDER / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", sample(NAMES, 2))
def test_an_example_has_the_figure_that_is_shown(name: str) -> None:
    experiment = oh.read_experiment(HOME / "examples" / "gallery" / f"{name}.toml")
    few = replace(experiment, cells=tuple(replace(cell, trials=2) for cell in experiment.cells))
    assert draw.drawn(few, draw.PICTURES[name]).startswith(b"\x89PNG")
