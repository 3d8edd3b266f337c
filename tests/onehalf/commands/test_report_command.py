"""`onehalf report` and `onehalf power`: every form, and directories joined."""

import json
from pathlib import Path

import pytest

from onehalf.cli import DONE, USAGE, main
from onehalf.families.training.problem import AlternatingTraining
from onehalf.record.directory import TRIALS
from onehalf.record.store import Store
from onehalf.running.run import run
from tests.sealing import sealed_again

PROBLEM = AlternatingTraining(exponent=9, hidden=(2,))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs")
    for name, seed, trials, algorithms in (
        ("one", 1, 30, ["coin-flip", "random-features"]),
        ("two", 2, 20, ["coin-flip"]),
        ("same", 1, 10, ["coin-flip"]),
        ("other", 3, 25, ["constant-half"]),
    ):
        run(PROBLEM, algorithms, seed=seed, trials=trials, directory=place / name, name=name)
    return place


def test_every_form_is_written(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(runs / "one"), "--out", str(tmp_path / "r")]) == DONE
    assert capsys.readouterr().out.strip() == str(tmp_path / "r" / "report.html")
    found = {str(path.relative_to(tmp_path / "r")) for path in (tmp_path / "r").rglob("*") if path.is_file()}
    assert found >= {"report.html", "report.md", "summary.json", "tables/cells-1.tex", "tables/cells.csv"}
    for form in ("svg", "pdf", "png"):
        assert f"figures/frontier.{form}" in found
    text = (tmp_path / "r" / "report.md").read_text(encoding="utf-8")
    assert f"onehalf replay {runs / 'one'} CELL TRIAL" in text


def test_tables_alone_are_counted(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(runs / "one"), "--out", str(tmp_path), "--formats", "latex", "png"]) == DONE
    tables, figures = list(tmp_path.glob("tables/*.tex")), list(tmp_path.glob("figures/*.png"))
    assert len(tables) > 1
    figures_told = f"{tmp_path / 'figures'} ({len(figures)} file{'s' * (len(figures) != 1)})"
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path / 'tables'} ({len(tables)} files)",
        figures_told,
    ]


def test_equal_cells_are_pooled_and_others_stand_beside_them(runs: Path, tmp_path: Path) -> None:
    names = [str(runs / name) for name in ("one", "two", "other")]
    assert main(["report", *names, "--out", str(tmp_path / "r"), "--formats", "json"]) == DONE
    joined = json.loads((tmp_path / "r" / "summary.json").read_text(encoding="utf-8"))
    single = {}
    for name in ("one", "two"):
        assert main(["report", str(runs / name), "--out", str(tmp_path / name), "--formats", "json"]) == DONE
        single[name] = json.loads((tmp_path / name / "summary.json").read_text(encoding="utf-8"))["cells"][0]
    coin, features, constant = joined["cells"]
    assert (coin["algorithm"], coin["planned"], coin["recorded"]) == ("coin-flip", 50, 50)
    for name in ("1", "2"):
        parts = sum(cell["by_input"][name]["successes"] for cell in single.values())
        assert coin["by_input"][name]["successes"] == parts
    assert (features["recorded"], constant["recorded"]) == (30, 25)
    assert constant["group"] == "other"
    assert "two" in coin["group"]
    pairs = {(row["first"], row["second"]) for row in joined["comparisons"]}
    assert pairs == {(0, 1), (1, 2)}
    for row in joined["comparisons"]:
        counts = [row[name] for name in ("both", "only_first", "only_second", "neither")]
        assert sum(counts) == (30 if row["second"] == 1 else 25)


def test_cells_without_a_trial_are_not_compared(tmp_path: Path) -> None:
    result = run(PROBLEM, ["random-features", "reader", "mlp-adam"], trials=2, directory=tmp_path)
    assert {(row["first"], row["second"]) for row in result.summary()["comparisons"]} == {
        (0, 1),
        (0, 2),
        (1, 2),
    }
    store = Store(tmp_path / TRIALS)
    store.connection.execute("DELETE FROM outcomes WHERE cell = 2")
    store.close()
    sealed_again(tmp_path)
    summary = result.summary()
    assert {(row["first"], row["second"]) for row in summary["comparisons"]} == {(0, 1)}
    assert all(row["p_holm"] == min(1, 2 * row["p_value"]) for row in summary["comparisons"])


def test_the_same_trials_are_not_counted_twice(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", str(runs / "one"), str(runs / "same"), "--out", str(tmp_path)]
    assert main(arguments) == USAGE
    assert "hold the same trials (seed 1) of coin-flip" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--formats", "docx"], "must be known forms"),
        (["--interval", "wald"], "is no method for a fixed number of trials"),
        (["--interval", "anytime"], "is no method for a fixed number of trials"),
    ],
)
def test_unknown_forms_and_methods_are_refused(
    runs: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(runs / "one"), *arguments]) == USAGE
    assert message in capsys.readouterr().err


def test_several_directories_need_a_place(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(runs / "one"), str(runs / "two")]) == USAGE
    assert "give --out DIR" in capsys.readouterr().err


def test_power_says_the_published_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["power", "--p", "0.6", "--sequential", "--json"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["trials_for_power"] == {"p": 0.6, "first": 391, "onwards": 402}
    assert found["sequential"][0]["expected_trials_at_p"] <= 280
    assert found["sequential"][2]["expected_trials_at_p"] == pytest.approx(213, abs=0.5)
    assert main(["power", "--half-width", "0.02"]) == DONE
    assert capsys.readouterr().out.startswith(
        "2,449 trials make the 95% Clopper–Pearson interval at most ± 0.02"
    )
    assert main(["power", "--trials", "391", "--p", "0.6"]) == DONE
    assert "with probability 0.9512" in capsys.readouterr().out


def test_power_takes_fractions_like_decimals(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for arguments in (["--p", "2/5", "--bound", "1/4"], ["--p", "0.4", "--bound", "0.25"]):
        assert main(["power", *arguments, "--json"]) == DONE
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    assert main(["power", "--p", "0.4", "--bound", "1/3", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["bound"] == pytest.approx(1 / 3, abs=1e-16)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give --p, --half-width or --trials"),
        (["--p", "0.5"], "p=0.5: must lie in [0, 1] and differ from bound=0.5"),
        (["--half-width", "0.9"], "half-width=0.9: must lie strictly between 0 and 1/2"),
        (["--half-width", "0"], "half-width=0.0: must"),
        # (2.3263 + 1.6449)² / 4 / 0.001², and Hoeffding's (√(log(100)/2) + √(log(20)/2))² / 0.001² and a little more.
        (["--p", "0.501"], "about 3,942,"),
        (["--p", "0.501"], "trials (normal approximation), and 7,516,"),
        (["--trials", "0"], "trials=0: must be at least 1"),
        (["--p", "2/5", "--bound", "4/3"], "bound=1.33"),
        (["--p", "0.4", "--bound", "1/0"], "'1/0' is no number; write for example 0.6 or 1/3"),
        (["--p", "a third"], "'a third' is no number"),
    ],
)
def test_power_refuses_what_has_no_answer(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["power", *arguments]) == USAGE
    assert message in capsys.readouterr().err


def test_one_family_alone_is_reported(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["report", str(runs / "one"), "--only", "1", "--out", str(tmp_path), "--formats", "json"])
        == DONE
    )
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert [(cell["cell"], cell["algorithm"]) for cell in summary["cells"]] == [(1, "random-features")]
    assert summary["totals"]["recorded"] == 30
    capsys.readouterr()
    assert main(["report", str(runs / "one"), "--only", "trainig", "--out", str(tmp_path)]) == USAGE
    assert "did you mean training?" in capsys.readouterr().err
    assert main(["report", str(runs / "one"), "--only", "training"]) == USAGE
    assert "give --out DIR" in capsys.readouterr().err


def test_power_is_told_at_the_ends_and_under_the_name_it_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["power", "--p", "0", "--sequential"]) == DONE
    said = capsys.readouterr().out
    assert said.startswith("7 trials tell p = 0 from 0.5")  # 2^-7 is the first power below 0.01
    assert "end after 5,000 trials, decided or not" in said
    assert main(["power", "--p", "0.4", "--sequential"]) == DONE
    assert "told 0.4 " in capsys.readouterr().out
    assert main(["power", "--p", "0.6", "--power", "0.005"]) == USAGE
    assert "power=0.005: is not above level=0.01" in capsys.readouterr().err
    assert main(["power", "--p", "1.5", "--trials", "10"]) == USAGE
    assert "p=1.5: must lie in [0, 1]" in capsys.readouterr().err
