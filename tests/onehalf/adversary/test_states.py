"""`check` finds what an output depends on besides input and generator, and names it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from algorithms.conformance.states import RULE
from algorithms.conformance.suite import check
from oracle.session import Budget
from tests.conftest import HOME
from tests.onehalf.adversary.conftest import CASES

BUDGET = Budget(400, 10.0)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("learner", "files that earlier runs left"),
        ("learner-global", "runs before it in the same process"),
        ("counter", "runs before it in the same process"),
        ("clock-reader", "the clock"),
    ],
)
def test_what_an_output_depends_on_is_named(
    name: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = check(f"{CASES / 'stateful.py'}::{name}", budget=BUDGET)
    found = next(finding for finding in report.findings if finding.rule == RULE)
    assert found.outcome == "failed"
    assert f"the output depends on {cause}" in found.sentence


@pytest.mark.parametrize("name", ["patient", "reader", "limit-hedge"])
def test_what_depends_on_nothing_else_keeps_the_rule(name: str) -> None:
    report = check(name, budget=BUDGET)
    assert [finding.outcome for finding in report.findings if finding.rule == RULE] == ["passed"]


LATE = """
import datetime, sys, time
import numpy
from algorithms.conformance.states import LATE_SECONDS, _shift_clock
before, kind, utc = time.time(), datetime.datetime, datetime.datetime.utcnow()
_shift_clock(LATE_SECONDS)
for late in (
    time.time() - before,
    datetime.datetime.now().timestamp() - before,
    datetime.datetime.now(datetime.timezone.utc).timestamp() - before,
    datetime.datetime.today().timestamp() - before,
    (datetime.datetime.utcnow() - utc).total_seconds(),
    time.time_ns() / 1e9 - before,
):
    assert 0 <= late - LATE_SECONDS < 3600, late
assert datetime.datetime is kind and "pandas" not in sys.modules
import pandas
print(pandas.Timestamp("2020-01-02").day)
"""


def test_libraries_that_derive_from_datetime_are_imported_with_another_clock() -> None:
    """pandas, and scikit-learn with it, ended the process: an algorithm that imports it was said to read the clock."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LATE], capture_output=True, text=True, cwd=HOME, check=False
    )
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


PROGRAM = """
const lines = require('readline').createInterface({ input: process.stdin });
const fs = require('fs');
let task = null;
lines.on('line', (line) => {
  const said = JSON.parse(line);
  if (task === null) { task = said.task; }
  const known = fs.existsSync('seen') ? 1 : 0;
  fs.writeFileSync('seen', 'x');
  const row = known ? ['1', '0'] : ['0', '1'];
  console.log(JSON.stringify({ output: row }));
});
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_a_program_in_javascript_that_leaves_a_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert subprocess.run(["node", "--version"], capture_output=True, check=True).stdout
    script = tmp_path / "leaver.js"
    script.write_text(PROGRAM, encoding="utf-8")
    report = check(f"exec:node {script}", problem="simplex", budget=BUDGET)
    found = next(finding for finding in report.findings if finding.rule == RULE)
    assert found.outcome == "failed"
    assert "files that earlier runs left" in found.sentence
