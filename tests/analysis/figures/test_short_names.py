"""Names in figures fit, and still tell algorithms apart."""

from typing import Any

from analysis.figures.gallery import pictures
from analysis.figures.short_names import short_names


def named(tables: Any, name: str, at: int = 0, **parameters: Any) -> dict[str, Any]:
    inner = ",".join(f"{key}={value}" for key, value in parameters.items())
    label = f"{name}[{inner}]" if inner else name
    given = {"algorithm": label, "algorithm_name": name, "algorithm_parameters": parameters}
    found: dict[str, Any] = tables.cell(cell=at, budget="", **given)
    return found


def test_parameters_that_do_not_vary_are_left_out(tables: Any) -> None:
    hedge = {"inner": "coin-flip", "later": "'reader[bits=100]'"}
    cells = [
        named(tables, "hedge", q=0.25, **hedge),
        named(tables, "hedge", q=0.75, **hedge),
        named(tables, "reader", bits=53),
    ]
    names = [cell["algorithm"] for cell in cells]
    assert short_names(cells) == dict(zip(names, ["hedge[q=0.25]", "hedge[q=0.75]", "reader"], strict=True))
    assert short_names(cells[:1]) == {names[0]: "hedge"}


def test_long_names_are_cut_and_stay_apart(tables: Any) -> None:
    cells = [named(tables, "restarts", inner="a-very-long-algorithm-of-the-user" * 2 + end) for end in "abc"]
    found = list(short_names(cells).values())
    assert found == [
        "restarts[inner=a-very-long-…",
        "restarts[inner=a-very-long-… (2)",
        "restarts[inner=a-very-long-… (3)",
    ]


def test_the_budget_and_labels_of_equal_parameters_are_kept(tables: Any) -> None:
    cells = [
        {**named(tables, "reader"), "algorithm": "one", "budget": "50 digits"},
        {**named(tables, "reader"), "algorithm": "two", "budget": "60 digits"},
    ]
    assert short_names(cells) == {"one": "reader, 50 digits", "two": "reader, 60 digits"}
    equal = [{**named(tables, "reader"), "algorithm": label} for label in ("one", "two")]
    assert short_names(equal) == {"one": "one", "two": "two"}


def test_the_frontier_has_short_names_and_its_words_the_long_ones(tables: Any) -> None:
    cells = [
        named(tables, "hedge", at, inner="coin-flip", later="'reader[bits=100]'", q=at / 4) for at in (1, 2)
    ]
    found = tables.summarise(cells, [tables.pattern(cell=at) for at in (1, 2)])
    picture = pictures(found)[0]
    drawn = "".join(picture.svgs())
    assert "hedge[q=0.25]" in drawn
    assert ">hedge[inner" not in drawn
    assert cells[0]["algorithm"] in picture.panels[0].alternative


def test_repetitions_under_two_budgets_are_two_panels(tables: Any) -> None:
    cells = [
        {**named(tables, "restarts", at, inner="coin-flip", k=2 ** (at % 3)), "digit_budget": 50 + at // 3}
        for at in range(6)
    ]
    found = tables.summarise(cells, [tables.pattern(cell=at) for at in range(6)])
    picture = next(picture for picture in pictures(found) if picture.name == "amplification")
    assert [panel.title.partition("oracle, ")[2] for panel in picture.panels] == ["50 digits", "51 digits"]
