"""The example notebook runs from top to bottom, and shows a result as a figure and not as a name."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook.ipynb"


@pytest.fixture(scope="module")
def executed() -> nbformat.NotebookNode:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=180, kernel_name="python3").execute()
    return notebook


def test_the_notebook_runs(executed: nbformat.NotebookNode) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert len(code) >= 4
    for cell in code:
        assert [output.get("ename") for output in cell.outputs if output.output_type == "error"] == []


def test_a_result_is_shown_richly(executed: nbformat.NotebookNode) -> None:
    shown = [
        output["data"].get("text/html", "")
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert any('<div class="onehalf">' in html and "<svg" in html for html in shown)


def test_its_numbers_are_the_theory_s(executed: nbformat.NotebookNode) -> None:
    texts = "".join(
        output["data"]["text/plain"]
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "data" in output
    )
    # Success falls at e = 53 for an algorithm that reads 53 digits, by measurement and by Theorem 1.
    assert "('reader[bits=53]', 53, (52, 53), 53)" in texts


def test_the_stored_notebook_holds_its_outputs() -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)
    assert all(cell.outputs for cell in stored.cells if cell.cell_type == "code" and "result" in cell.source)
