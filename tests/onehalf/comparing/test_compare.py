"""`onehalf compare`: counts are those that one finds row by row, and sentences say no more than they do."""

import json
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binomtest

import onehalf as oh
from onehalf.cli import DONE, USAGE, main
from onehalf.families.training.problem import AlternatingTraining
from onehalf.running.run import run

PROBLEMS = [AlternatingTraining(exponent=e, hidden=(2,)) for e in (9, 60)]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("runs")
    for name, seed, trials, algorithms in (
        ("a", 1, 12, ["coin-flip", "interpolant"]),
        ("same", 1, 8, ["coin-flip", "interpolant"]),
    ):
        run(PROBLEMS, algorithms, seed=seed, trials=trials, directory=home / name, name=name)
    run(PROBLEMS[0], ["coin-flip"], trials=9, until="decided", directory=home / "until")
    run(oh.Simplex(), ["coin-flip"], oracle="blind", trials=2, directory=home / "strange")
    return home


def compared(capsys: pytest.CaptureFixture[str], out: Path, *places: Path) -> dict[str, object]:
    assert main(["compare", *map(str, places), "--out", str(out), "--json"]) == DONE
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_counts_are_those_of_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(PROBLEMS, ["random-depth[stop=0.1]"], seed=5, trials=9, directory=tmp_path / "b")
    run(PROBLEMS, ["constant-half"], seed=5, trials=12, directory=tmp_path / "c")
    rows = compared(capsys, tmp_path / "out", tmp_path / "b", tmp_path / "c")["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 4
    first, second = (oh.load(tmp_path / name).outcomes for name in "bc")
    for row in rows:
        position = int(row["input"]) - 1
        a, b = (
            table[(table["cell"] == row[f"{side}_cell"]) & (table["input"] == position)].set_index("trial")[
                "verdict"
            ]
            for side, table in (("first", first), ("second", second))
        )
        pair = pd.concat([a == "accepted", b == "accepted"], axis=1, join="inner", keys=["a", "b"])
        assert len(pair) == row["trials"] == 9
        only = int((pair["a"] & ~pair["b"]).sum()), int((~pair["a"] & pair["b"]).sum())
        assert only == (row["only_first"], row["only_second"])
        exact = binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0
        assert row["p_value"] == pytest.approx(exact)


def test_equal_coins_give_equal_trials_and_a_page(
    places: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = compared(capsys, tmp_path / "out", places / "a", places / "same")
    assert isinstance(found["sentences"], list)
    assert found["sentences"][0].startswith("8 comparisons (4 pairs of cells, input by input): ")
    assert "in 0," in found["sentences"][0]
    assert "the same coins in both" in found["sentences"][1]
    assert {(row["only_first"], row["only_second"], row["same_coins"]) for row in found["rows"]} == {
        (0, 0, True)
    }  # type: ignore[attr-defined]
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert str(places / "same") in page
    assert b"/Type3" not in (tmp_path / "out" / "against.pdf").read_bytes()


def test_what_cannot_be_compared_is_told(
    places: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = compared(capsys, tmp_path / "out", places / "a", places / "until")
    assert found["rows"] == []
    assert any("may stop early" in text for text in found["sentences"])  # type: ignore[attr-defined]
    assert any(text.endswith(": 3 cells without a counterpart.") for text in found["sentences"])  # type: ignore[attr-defined]
    assert (
        main(["compare", str(places / "a"), str(places / "strange"), "--out", str(tmp_path / "no")]) == USAGE
    )
    assert "have no cell of the same problem, oracle, budget and algorithm" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()
