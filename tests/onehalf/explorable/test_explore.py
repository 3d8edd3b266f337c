"""`onehalf explore`: the page says what is stored, and is used by keyboard, wide and narrow, in a real browser."""

import json
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import onehalf as oh
from onehalf.cli import DONE, main
from onehalf.explorable.page import explorable_page
from onehalf.explorable.views import views_of
from onehalf.reproduce import explored
from oracle.problems import Oracle


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explore") / "run"
    problems = [oh.AlternatingTraining(exponent=e, hidden=(2,)) for e in (9, 30)]
    several = [f"random-features[bits={bits}]" for bits in (12, 40)]
    oh.run(problems, several, trials=2, directory=home)
    assert main(["explore", str(home)]) == DONE
    return home


@pytest.fixture(scope="module")
def views(place: Path) -> list[dict[str, Any]]:
    page = (place / "explore.html").read_text(encoding="utf-8")
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    views: list[dict[str, Any]] = json.loads(found[1])["views"]
    return views


def test_the_page_of_the_documentation_is_what_is_made_today() -> None:
    stored = (Path(__file__).parents[3] / "docs" / "explorable" / "explore.html").read_text(encoding="utf-8")
    found = re.search(r'id="data">(.*?)</script>', stored, re.DOTALL)
    assert found is not None
    assert explorable_page(json.loads(found[1])) == stored


def test_the_page_holds_what_is_stored(place: Path, views: list[dict[str, Any]]) -> None:
    result = oh.load(place)
    assert len(views) == len(result.recorded.cells) == 4
    for index, (view, cell) in enumerate(zip(views, result.recorded.cells, strict=True)):
        problem, unit = cell.problem, Fraction(1, 2 ** view["e"])
        rows = result.outcomes[result.outcomes["cell"] == index]
        accepted = [int((rows[rows["input"] == side]["verdict"] == "accepted").sum()) for side in range(2)]
        assert view["wins"] == accepted
        for side, member in enumerate(problem.inputs):
            oracle = Oracle(problem, member, view["policy"])
            for k, (true, shown) in enumerate(zip(view["truth"][side], view["shown"][side], strict=True)):
                assert true * unit == problem.value(member, (k, 1))
                answer = oracle.answer((k, 1), view["bits"])
                assert abs(Fraction(shown) * unit - answer) <= unit / 10_000
            # Cost 0.25 at most: a network that is accepted decides every point as it is labelled.
            first = rows[(rows["trial"] == 0) & (rows["input"] == side)]["verdict"].iloc[0]
            if first == "accepted":
                assert view["networks"][side]["decides"][side] == view["labels"]
        assert view["same"] == (view["bits"] <= cell.bound.depth)


def test_the_plan_is_of_every_setting() -> None:
    plan = explored("random-features[attempts=2]", 3)
    assert len(plan.cells) == 8 * 3 * 8
    assert {dict(cell.spec.parameters)["attempts"] for cell in plan.cells} == {2}
    with pytest.raises(oh.InvalidValue, match="bits=4: coin-flip has no such parameter"):
        explored("coin-flip", 3)


def test_a_directory_without_such_cells_is_refused() -> None:
    empty: Any = SimpleNamespace(
        directory="d", recorded=SimpleNamespace(cells=()), summary=lambda: {"cells": []}
    )
    with pytest.raises(oh.InvalidValue, match="holds no cells of one algorithm with a parameter bits"):
        views_of(empty)


@pytest.fixture(scope="module")
def browser(place: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    binary, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    assert binary, "chromium is missing: install it, as .ci/run does"
    assert driver, "chromedriver is missing: install it, as .ci/run does"
    options.binary_location = binary
    chrome = Chrome(options=options, service=Service(driver))
    chrome.get((place / "explore.html").as_uri())
    yield chrome
    chrome.quit()


def test_sliders_are_moved_by_keys_and_their_outcome_is_read_out(browser: Chrome) -> None:
    told = browser.find_element(By.ID, "told")
    assert told.get_attribute("aria-live") == "polite"
    browser.find_element(By.ID, "e").send_keys(Keys.END)
    browser.find_element(By.ID, "bits").send_keys(Keys.HOME)
    assert told.text.startswith(
        "The oracle shows the same on both inputs. Right in 2 of 2 trials on ι¹, in 0 on ι²."
    )
    assert "puts 0 of 10 points on the wrong side" in told.text
    assert browser.find_element(By.ID, "e").get_attribute("aria-valuetext") == "e\u00a0=\u00a030"
    browser.find_element(By.CSS_SELECTOR, "input[name=truth]").send_keys(Keys.ARROW_RIGHT)
    assert "puts 10 of 10 points on the wrong side" in told.text
    assert (
        browser.find_element(By.ID, "plane").get_attribute("aria-label")
        == "10 of 10 points on the wrong side of ½"
    )
    browser.find_element(By.ID, "bits").send_keys(Keys.END)
    assert told.text.startswith(
        "What the oracle shows tells the inputs apart. Right in 2 of 2 trials on ι¹, in 2 on"
    )
    names = [element.accessible_name for element in browser.find_elements(By.CSS_SELECTOR, "input, select")]
    assert all(names), names


@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_is_wider_than_the_window_and_nothing_fails(browser: Chrome, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width  # type: ignore[no-untyped-call]
    assert browser.get_log("browser") == []
