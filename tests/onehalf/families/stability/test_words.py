"""What the headline says of certificates counts the networks that it names."""

from typing import Any

from onehalf.families.stability.report.findings import perfect_networks, stability_headline


def stable(exponent: int, points: int = 20) -> dict[str, Any]:
    background = {"labels": [0, 1] * (points // 2), "delta_exponent": exponent, "stable": {}}
    row = {
        **{"certified": 4, "broken": [], "perfect": 3, "perfect_flipped_down": {"least": 9}},
        "radius": {"least": 0.5},
    }
    return {"parameters": {"free": False}, "forced": 8, "background": background, "algorithms": [row]}


def test_the_size_of_the_perturbation_is_that_of_all_networks_counted() -> None:
    mixed = {"stability": [stable(30), stable(40), stable(50, points=30)]}
    assert stability_headline(mixed) == [
        "Each of 12 networks of fixed size is inaccurate or unstable: of the 8 with most errors forced (8 of 20 "
        "points), the 6 that are right on every point are made wrong on at least 9 of 20 by one "
        "perturbation of size δ (2⁻³⁰ to 2⁻⁴⁰)."
    ]
    (same,) = stability_headline({"stability": [stable(40)]})
    assert same.endswith(
        "the 3 that are right on every point are made wrong on at least 9 of 20 by one perturbation "
        "of size 2⁻⁴⁰."
    )
    assert perfect_networks([]) is None
