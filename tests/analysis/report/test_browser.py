"""The report in headless Chromium: silent, offline, sortable, printable, and readable at 400 pixels."""

import base64
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from analysis.report.page import render

EVIL = "<script>window.struck = true</script>"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, tables: Any) -> Path:
    """A report with every kind of table, long names, and markup wherever a caller's text can be."""
    cells, patterns = [], []
    for number in range(40):
        name = f"{EVIL}-a-rather-long-plugin-name-{number}" if number % 10 == 0 else f"trainer-{number}"
        rules = {"until": "decided", "cap": 900, "against": None, "stopped": "above"} if number == 39 else {}
        place = {"exponent": 40 + number, "hidden": (8, 8)}
        cells.append(tables.cell(cell=number, algorithm=name, algorithm_name=name, parameters=place, **rules))
        patterns.append(tables.pattern(cell=number, count=150 + number))
        patterns.append(tables.pattern(cell=number, verdicts=("rejected", "rejected"), count=50 - number))
    for e in range(50, 58):
        cells.append(tables.cell(cell=e, parameters={"exponent": e}, algorithm="reader"))
        verdicts = ("accepted", "accepted" if e < 53 else "rejected")
        patterns.append(tables.pattern(cell=e, shared=e >= 53, verdicts=verdicts))
    failures = [{"cell": 0, "trial": k, "input": "1", "status": "error", "note": EVIL * 9} for k in range(60)]
    provenance = {"command": ["onehalf", "run", "x" * 300], "versions": {"numpy": "2"}}
    summary = tables.summarise(cells, patterns, failures, {"name": EVIL, "directory": "d"}, provenance)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(summary), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    options = ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    binary, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    assert binary, "chromium is missing: install it, as .ci/run does"
    assert driver, "chromedriver is missing: install it, as .ci/run does"
    options.binary_location = binary
    chrome = Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def opened(browser: Chrome, page: Path) -> Chrome:
    size(browser, 1300, 1000)
    browser.get(page.as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")  # type: ignore[no-untyped-call]
    return browser


def size(browser: Chrome, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def column(browser: Chrome, table: str, index: int) -> list[str]:
    script = """return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]
        .map(row => row.cells[arguments[1]].dataset.key)"""
    found: list[str] = browser.execute_script(script, table, index)  # type: ignore[no-untyped-call]
    return found


def test_no_console_message_and_no_request(opened: Chrome, page: Path) -> None:
    messages = opened.get_log("browser")  # type: ignore[no-untyped-call]
    assert [entry for entry in messages if entry["level"] in ("SEVERE", "WARNING")] == []
    events = [json.loads(entry["message"])["message"] for entry in opened.get_log("performance")]  # type: ignore[no-untyped-call]
    urls = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert page.as_uri() in urls
    assert [url for url in urls if not url.startswith(("file:", "data:"))] == []


def test_markup_in_names_is_text(opened: Chrome) -> None:
    assert opened.execute_script("return window.struck === undefined")  # type: ignore[no-untyped-call]
    assert EVIL in opened.find_element(By.TAG_NAME, "h1").text
    assert EVIL in opened.find_element(By.ID, "cells-1").text
    assert EVIL in opened.find_element(By.ID, "failures").text


def test_headline_and_key_pictures_stand_before_the_findings(opened: Chrome) -> None:
    """At 1200 pixels they are what is seen first: side by side, drawn, and above everything that is told."""
    size(opened, 1200, 900)
    script = """const top = e => e.getBoundingClientRect().top + scrollY;
        const boxes = [...document.querySelectorAll(".keys svg")].map(e => e.getBoundingClientRect());
        const drawn = [...document.querySelectorAll(".keys svg use")].map(e => e.getBBox().width > 100);
        const [headline, keys, findings] = [".headline p", ".keys", "#findings"].map(
            e => top(document.querySelector(e)));
        return {boxes: boxes.map(b => [b.left, b.top, b.bottom]), drawn, headline, keys, findings}"""
    found = opened.execute_script(script)  # type: ignore[no-untyped-call]
    assert found["headline"] < found["keys"] < found["findings"]
    assert len(found["boxes"]) == 2
    assert found["drawn"] == [True, True]
    assert found["boxes"][0][1] == pytest.approx(found["boxes"][1][1], abs=2)
    assert found["boxes"][0][0] < found["boxes"][1][0]
    assert max(bottom for _, _, bottom in found["boxes"]) < 900
    for link in opened.find_elements(By.CSS_SELECTOR, ".keys a"):
        target = str(link.get_attribute("href")).partition("#")[2]
        assert opened.find_element(By.ID, target).is_displayed()


def test_key_pictures_stack_at_400_pixels_and_stay_whole_on_paper(opened: Chrome) -> None:
    boxes = """return [...document.querySelectorAll(".keys svg")].map(e => e.getBoundingClientRect())
        .map(b => [b.left, b.top, b.right])"""
    size(opened, 400, 800)
    first, second = opened.execute_script(boxes)  # type: ignore[no-untyped-call]
    assert first[0] == pytest.approx(second[0], abs=2)
    assert first[1] < second[1]
    assert second[2] <= 400
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    size(opened, round((210 - 24) / 25.4 * 96), 1000)
    first, second = opened.execute_script(boxes)  # type: ignore[no-untyped-call]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert first[1] == pytest.approx(second[1], abs=2)
    assert second[2] <= round((210 - 24) / 25.4 * 96)


def test_a_heading_sorts_and_sorts_back(opened: Chrome) -> None:
    headings = opened.find_elements(By.CSS_SELECTOR, "#cells-1 th button")
    texts = [heading.text for heading in headings]
    index = texts.index(next(text for text in texts if text.startswith("smallest")))
    headings[index].click()
    rising = [float(value) for value in column(opened, "cells-1", index)]
    assert rising == sorted(rising)
    headings[index].click()
    falling = [float(value) for value in column(opened, "cells-1", index)]
    assert falling == sorted(rising, reverse=True)
    assert len(set(rising)) > 1
    headings[1].click()
    names = column(opened, "cells-1", 1)
    assert names != column(opened, "cells-1", 0)
    assert len(names) == len(rising)


def test_the_filter_hides_rows(opened: Chrome) -> None:
    box = opened.find_element(By.CSS_SELECTOR, 'input[data-filter="cells-1"]')
    box.send_keys("trainer-3")
    rows = opened.find_elements(By.CSS_SELECTOR, "#cells-1 tbody tr")
    shown = [row.text for row in rows if row.is_displayed()]
    assert 0 < len(shown) < len(rows)
    assert all("trainer-3" in text for text in shown)


def test_at_400_pixels_the_page_does_not_scroll_sideways(opened: Chrome) -> None:
    size(opened, 400, 800)
    wide = "return document.documentElement.scrollWidth"
    assert opened.execute_script(wide) <= 400  # type: ignore[no-untyped-call]
    script = """return [...document.querySelectorAll("p, li, dd, figcaption, h2, svg")]
        .filter(e => e.getBoundingClientRect().right > 401 && !e.closest(".scroll")).length"""
    assert opened.execute_script(script) == 0  # type: ignore[no-untyped-call]
    small = """return Math.min(...[...document.querySelectorAll("p, dd")]
        .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    assert opened.execute_script(small) >= 12  # type: ignore[no-untyped-call]


def test_the_algorithm_stays_in_sight_when_a_table_is_scrolled(opened: Chrome) -> None:
    size(opened, 400, 800)
    script = """const box = document.getElementById("cells-1").closest(".scroll"); box.scrollLeft = 9999;
        const left = box.getBoundingClientRect().left;
        return [box.scrollLeft > 0, ...[...box.querySelectorAll("td.name")].slice(0, 5)
            .map(e => Math.abs(e.getBoundingClientRect().left - left) < 2)]"""
    assert opened.execute_script(script) == [True] * 6  # type: ignore[no-untyped-call]


def test_at_1200_pixels_no_column_of_the_cells_is_cut_off(opened: Chrome) -> None:
    size(opened, 1200, 900)
    script = """const box = document.getElementById("cells-1").closest(".scroll");
        return box.scrollWidth - box.clientWidth"""
    assert opened.execute_script(script) <= 0  # type: ignore[no-untyped-call]


def test_printed_tables_are_not_cut(opened: Chrome) -> None:
    """On paper nothing scrolls: what a screen would hide behind a scroll bar must be there, within the page."""
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    # A4 across less its margins, at 96 pixels an inch.
    size(opened, round((297 - 20) / 25.4 * 96), 700)
    script = """return [...document.querySelectorAll("#cells .scroll, .scroll")].filter(box =>
        getComputedStyle(box).overflowY !== "visible" || box.scrollHeight > box.clientHeight + 1).length"""
    assert opened.execute_script(script) == 0  # type: ignore[no-untyped-call]
    outside = """return [...document.querySelectorAll("table")].filter(table =>
        table.getBoundingClientRect().right > window.innerWidth + 1).map(table => table.id)"""
    assert opened.execute_script(outside) == []  # type: ignore[no-untyped-call]
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    body: dict[str, Any] = opened.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    document = base64.b64decode(body["data"])
    assert document.startswith(b"%PDF")
    assert 4 <= pages(document) <= 40


def pages(document: bytes) -> int:
    """Pages of a PDF, also where its objects are compressed."""
    count = len(re.findall(rb"/Type\s*/Page\b", document))
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.S):
        try:
            count += len(re.findall(rb"/Type\s*/Page\b", zlib.decompress(stream)))
        except zlib.error:
            continue
    return count
