"""Draw the pictures of the gallery from the examples: `python docs/gallery/draw.py [NAME …]`, or `make gallery`."""

import sys
import tempfile
from pathlib import Path

import onehalf as oh
from analysis.figures.gallery import pictures
from analysis.figures.svg import to_bytes
from onehalf.families.stability.report.story import STORY
from onehalf.running.run import run_experiment

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "gallery"
PICTURES = {
    "frontier": "frontier",
    "fall": "fall",
    "reading-on": "depth",
    "digits": "staircase",
    "answers": "answers",
    "limit": "limit",
    "budget": "budget",
    "repetition": "amplification",
    "flip": "stability-flip",
    "programs": "staircase",
}
"""By example the figure of its report that is shown."""


def drawn(experiment: oh.Experiment, figure: str) -> bytes:
    """Run an experiment and return the first panel of one of its figures as PNG."""
    with tempfile.TemporaryDirectory() as place:
        summary = run_experiment(experiment, Path(place) / "run", 1).summary()
    found = next(picture for picture in pictures(summary, [STORY]) if picture.name == figure)
    return to_bytes(found.panels[0].figure, "png")


def main(names: list[str]) -> None:
    """Draw the pictures of these examples, or of all."""
    for name in names or PICTURES:
        body = drawn(oh.read_experiment(EXAMPLES / f"{name}.toml"), PICTURES[name])
        (HERE / f"{name}.png").write_bytes(body)
        print(f"{name}: {len(body):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
