"""The joint outcomes that SQL counts are those that one finds row by row."""

from collections import Counter
from pathlib import Path

from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.record.directory import TRIALS
from onehalf.record.reading.tables import patterns_table, success_vectors
from onehalf.record.store import Store
from onehalf.running.run import run
from tests.sealing import sealed_again


def test_patterns_agree_with_the_rows_whatever_happened(tmp_path: Path) -> None:
    problems = [AlternatingTraining(exponent=5, hidden=(2,)), AlternatingTraining(exponent=9, hidden=(2,))]
    algorithms = ["random-depth[stop=0.1]", "interpolant", "random-features[bits=8]", "constant-half"]
    result = run(problems, algorithms, trials=40, directory=tmp_path / "d")
    store = Store(tmp_path / "d" / TRIALS)
    try:
        # Every status, verdict and claim, whether or not an algorithm here leads to it.
        for trial, values in enumerate(
            (("no_halt", None, None), ("error", None, 0), ("crashed", "undecided", 1))
        ):
            store.connection.execute(
                "UPDATE outcomes SET status = ?, verdict = ?, claim = ? WHERE cell = 0 AND input = 1 AND trial = ?",
                (*values, trial),
            )
        sealed_again(tmp_path / "d")
        found = patterns_table(result.recorded, store)
        outcomes = result.outcomes
        expected: Counter[object] = Counter()
        for (cell, _), rows in outcomes.groupby(["cell", "trial"]):
            rows = rows.astype(object).where(rows.notna(), None)
            claims = tuple(None if claim is None else bool(claim) for claim in rows["claim"])
            key = cell, bool(rows["shared"].iloc[0]), tuple(rows["status"]), tuple(rows["verdict"]), claims
            expected[key] += 1
        names = ["cell", "shared", "statuses", "verdicts", "claims"]
        counted = {tuple(row[name] for name in names): row["count"] for row in found.to_dict("records")}
        assert counted == dict(expected)
        assert {status for row in counted for status in row[2]} >= {
            "halted",
            "invalid",
            "no_halt",
            "error",
            "crashed",
        }
        vectors = success_vectors(result.recorded, store, 4)
        accepted = outcomes[(outcomes["cell"] == 4) & (outcomes["verdict"] == "accepted")]
        assert vectors.shape == (2, 40)
        assert {(i, t) for i, t in zip(*vectors.nonzero(), strict=True)} == set(
            zip(accepted["input"], accepted["trial"], strict=True)
        )
    finally:
        store.close()


def test_more_inputs_than_one_number_holds(tmp_path: Path) -> None:
    result = run(Simplex(answers=10), ["coin-flip"], oracle="blind", trials=30, directory=tmp_path / "d")
    store = Store(tmp_path / "d" / TRIALS)
    try:
        found = patterns_table(result.recorded, store)
    finally:
        store.close()
    assert found["count"].sum() == 30
    for verdicts in found["verdicts"]:
        assert len(verdicts) == 10
        assert verdicts.count("accepted") == 1
