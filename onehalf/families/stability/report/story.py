"""What the stability family adds to a report: certificates of networks, and what they say of accuracy and stability."""

from pathlib import Path

from analysis.story import Figure, Section, Story
from onehalf.families.stability.report import figures, flip
from onehalf.families.stability.report.findings import stability_findings, stability_headline
from onehalf.families.stability.report.gather import groups
from onehalf.families.stability.report.section import section
from onehalf.families.stability.report.summary import below_guarantee, entries

FIGURES = (
    Figure(
        "stability-plane",
        "Inaccurate or unstable",
        figures.PLANE_CAPTION,
        figures.plane,
        slot=0,
        told=figures.plane_told,
    ),
    Figure(
        "stability-flip",
        "A network that flips",
        flip.CAPTION,
        flip.flip,
        layout="wide",
        small=flip.small,
        slot=2,
        told=flip.flip_told,
    ),
    Figure(
        "stability-sweep",
        "More label changes than pieces",
        figures.SWEEP_CAPTION,
        figures.sweep,
        slot=1,
        told=figures.sweep_told,
    ),
)
STORY = Story(
    "stability",
    gather=groups,
    entry=entries,
    violations=below_guarantee,
    kinds={
        "below_guarantee": (
            "certificate below what the instability theorem guarantees",
            "certificates below what the instability theorem guarantees",
        )
    },
    headline=stability_headline,
    findings=stability_findings,
    figures=FIGURES,
    sections=(
        Section(
            "stability",
            "Accuracy against stability",
            section,
            Path(__file__).with_name("section.html"),
            tuple(figure.name for figure in FIGURES),
        ),
    ),
)
"""The story, told where an experiment has a problem of this family."""
