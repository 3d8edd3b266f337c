"""The stability family through plan, runner, store, certificates, summary, report and command line."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

import onehalf as oh
from onehalf.cli import main
from onehalf.families.stability.problem import Stability
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.file import read_experiment
from onehalf.record.directory import TRIALS
from onehalf.record.store import Store
from onehalf.running.progress import Progress
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue
from tests.sealing import sealed_again

PROBLEM = Stability(support=12, hidden=(3,), training=40, validation=20)
TRAINERS = ["random-features", "mlp-lbfgs", "coin-flip", "constant-half"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> oh.Result:
    """An experiment of four algorithms and the computed stable network."""
    place = tmp_path_factory.mktemp("stability") / "run"
    free = Stability(support=12, hidden=(3,), training=120, free=True)
    cells = (
        *cells_of([PROBLEM], ["honest"], TRAINERS, 3),
        *cells_of([free], ["honest"], ["stable", "stable[construction=fold]"], 1),
    )
    return run_experiment(Experiment("test", 5, cells), place, 1)


def test_every_output_has_one_certificate(finished: oh.Result) -> None:
    rows = (
        sqlite3.connect(finished.directory / TRIALS).execute("SELECT cell, body FROM certificates").fetchall()
    )
    # coin-flip and constant-half give one network each in all trials.
    assert {cell for cell, _ in rows} == set(range(6))
    assert len(rows) == 3 + 3 + 1 + 1 + 1 + 1
    for cell, body in rows[:3]:
        network = next(
            n
            for n in (finished.output(cell, t) for t in range(3))
            if json.loads(json.dumps(PROBLEM.certify(n))) == json.loads(body)
        )
        assert network.architecture[0] == 2


def test_interrupted_certificates_are_made_up_for(finished: oh.Result) -> None:
    store = Store(finished.directory / TRIALS)
    before = store.connection.execute("SELECT * FROM certificates ORDER BY cell, digest").fetchall()
    store.connection.execute("DELETE FROM certificates WHERE cell IN (0, 4)")
    store.close()
    sealed_again(finished.directory)
    run_experiment(finished.experiment, finished.directory, 1)
    store = Store(finished.directory / TRIALS)
    after = store.connection.execute("SELECT * FROM certificates ORDER BY cell, digest").fetchall()
    store.close()
    assert after == before


def test_a_report_says_what_is_missing(
    finished: oh.Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "copy"
    shutil.copytree(finished.directory, place)
    assert main(["report", str(place), "--formats", "json"]) == 0
    assert capsys.readouterr().err == ""
    store = Store(place / TRIALS)
    store.connection.execute("DELETE FROM certificates WHERE cell IN (0, 4)")
    store.connection.execute("DELETE FROM outcomes WHERE cell = 1 AND trial = 2")
    store.close()
    sealed_again(place)
    assert main(["report", str(place), "--formats", "json"]) == 0
    told = capsys.readouterr()
    assert told.out.strip() == str(place / "summary.json")
    first, second = told.err.splitlines()
    assert first == "Incomplete: 13 of 14 planned trials are on record"
    assert second.startswith("certificates: 9 of 13 (they are made after the last trial; ")


def test_certificates_are_counted_after_the_last_word_on_trials(tmp_path: Path) -> None:
    experiment = Experiment("one", 1, tuple(cells_of([PROBLEM], ["honest"], ["random-features"], 3)))
    stream = io.StringIO()
    run_experiment(experiment, tmp_path / "run", 1, Progress(stream))
    lines = [line.partition(",")[0] for line in stream.getvalue().splitlines()]
    assert lines == ["one: 1 cell", "3 of 3 trials", "0 of 3 certificates", "3 of 3 certificates"]


def test_every_key_of_the_entry_is_documented(finished: oh.Result) -> None:
    text = (Path(__file__).parents[4] / "docs" / "summary-json.md").read_text(encoding="utf-8")
    rows = [
        line.split("|")[1] for line in text.split("## `stability`")[1].splitlines() if line.startswith("| `")
    ]
    documented = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    entries = finished.summary()["stability"]
    assert {key for entry in entries for key in entry} <= documented
    found = {key for entry in entries for row in entry["algorithms"] for key in row}
    assert documented == found | set(entries[0])


def test_summary_and_report(finished: oh.Result) -> None:
    summary = json.loads(json.dumps(finished.summary()))
    entry = summary["stability"][0]
    assert entry["forced"] == 4  # ⌈(11 − 4)/2⌉
    row = next(row for row in entry["algorithms"] if row["algorithm"] == "coin-flip")
    assert (row["perfect"], row["certified"]) == (3, 3)
    assert row["flipped"] == {"least": 6, "median": 6, "most": 6}
    assert entry["background"]["separated"]
    computed = summary["stability"][1]["algorithms"]
    assert [row["balls_right"] for row in computed] == [1, 1]
    # Digits enough to part the ε-balls, far fewer than the 40 that would show δ.
    assert all(8 <= row["depth"] <= 14 for row in computed)
    assert any("Perfect and unstable" in finding["text"] for finding in summary["findings"])
    # The coin flip's networks are right on all 12 points; either sign flips 6 of them.
    neurons = min(network["neurons"] for network in entry["background"]["stable"].values())
    assert summary["headline"][0].endswith(f"network exists, with {neurons} hidden neurons.")
    assert (
        "right on every point are made wrong on at least 6 of 12 by one perturbation of size 2⁻⁴⁰"
        in (summary["headline"][0])
    )
    html = finished.report().read_text(encoding="utf-8")
    assert 'id="figure-stability-plane"' in html
    assert 'id="figure-stability-flip"' in html
    keys = html.split('<div class="keys">')[1].split("</div>")[0]
    assert 'href="#figure-stability-plane"' in keys
    assert "12 points right; 6 wrong if moved by 2⁻⁴⁰." in keys
    saved = {path.name for path in (finished.directory / "figures").glob("*.svg")}
    assert saved >= {"stability-plane.svg", "stability-flip.svg", "stability-flip-small.svg"}


def test_a_certificate_below_the_guarantee_is_a_violation(finished: oh.Result, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(finished.directory, place)
    store = Store(place / TRIALS)
    body = json.loads(store.certificates(2)[0][1])
    forged = json.dumps({**body, "flipped": 0, "wrong": {"0": [], "-1": [], "1": []}})
    store.connection.execute("UPDATE certificates SET body = ? WHERE cell = 2", (forged,))
    store.close()
    sealed_again(place)
    summary = oh.load(place).summary()
    assert {"cell": 2, "kind": "below_guarantee", "trials": 3} in summary["violations"]
    assert any(finding["text"].startswith("Defect:") for finding in summary["findings"])
    (sentence,) = summary["headline"]
    assert "by 3 certificates below what the instability theorem guarantees (cell 2)" in sentence


def test_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import onehalf.families.stability.experiment as plan

    monkeypatch.setattr(plan, "SUPPORTS", (4, 6, 8))
    monkeypatch.setattr(plan, "SWEEP_TRAINERS", ("random-features",))
    monkeypatch.setattr(plan, "installed_trainers", lambda: ("random-features",))
    out = str(tmp_path / "out")
    assert main(["stability", "--quick", "--jobs", "1", "--out", out]) == 0
    assert "Inaccurate or unstable" in capsys.readouterr().out
    assert main(["replay", out, "0", "3"]) == 0
    assert "the same as recorded" in capsys.readouterr().out


def test_every_trainer_of_the_library_is_planned() -> None:
    from onehalf.families.stability.experiment import installed_trainers, stability_experiment

    names = installed_trainers()
    assert {"mlp-adam", "mlp-lbfgs", "mlp-sgd", "scipy-lbfgsb", "random-features"} <= set(names)
    planned = [
        cell for cell in stability_experiment(quick=True).cells if cell.group == "Inaccurate or unstable"
    ]
    assert [cell.spec.name for cell in planned[: len(names)]] == list(names)
    assert {cell.trials for cell in planned} == {20}


def test_algorithms_given_run_instead_of_the_librarys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import onehalf.families.stability.experiment as plan

    monkeypatch.setattr(plan, "SUPPORTS", (4,))
    monkeypatch.setattr(plan, "CONSTRUCTIONS", ("stable",))
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        "import onehalf as oh\n"
        "@oh.algorithm('own')\n"
        "def own(task, rng):\n"
        "    return oh.Network([([[1.0, 0.0]] * 8, [0.0] * 8), ([[0.0] * 8], [0.5])])\n"
    )
    assert main(["stability", "mine.py", "--quick", "--jobs", "1", "--attacks", "0"]) == 0
    assert "report: results/stability-mine-quick/report.html" in capsys.readouterr().out
    cells = oh.load(tmp_path / "results" / "stability-mine-quick").experiment.cells
    assert [(cell.spec.name, cell.trials) for cell in cells] == [
        ("own", 20),
        ("own", 2),
        ("own", 2),
        ("stable", 2),
    ]
    assert main(["stability", "no-such"]) == 2
    assert "algorithm='no-such'" in capsys.readouterr().err


def test_where_no_oracle_is_given_the_familys_only_one_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = "stability[support=8,hidden=[2],training=20,validation=8]"
    line = ["run", "constant-half", "--problem", problem, "--trials", "2", "--jobs", "1"]
    assert main([*line, "--out", str(tmp_path / "out")]) == 0
    assert [cell.policy for cell in oh.load(tmp_path / "out").experiment.cells] == ["honest"]
    assert main([*line, "--out", str(tmp_path / "no"), "--oracle", "decoy"]) == 2
    assert "oracle='decoy': the stability family has honest" in capsys.readouterr().err
    assert main(["run", "coin-flip", "--trials", "2", "--jobs", "1", "--out", str(tmp_path / "t")]) == 0
    assert [cell.policy for cell in oh.load(tmp_path / "t").experiment.cells] == ["decoy"]


def test_experiment_file(tmp_path: Path) -> None:
    path = tmp_path / "stability.toml"
    path.write_text(
        '[[cells]]\nproblem = { family = "stability", support = [4, 8], feature = false }\noracle = "honest"\n'
        'algorithms = "random-features"\ntrials = 2\n'
    )
    experiment = read_experiment(path)
    assert [cell.problem.parameters()["support"] for cell in experiment.cells] == [4, 8]
    found = oh.run([cell.problem for cell in experiment.cells], "random-features", oracle="honest", trials=2)
    rows = [entry["algorithms"][0] for entry in found.summary()["stability"]]
    # Without the second feature the eight points lie on one line, and its errors are η = 0's.
    assert rows[1]["accuracy"]["most"] < 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"exponent": 10}, r"exponent=10: δ = 2\^-e must be below ε\(K\) = 1/13340; take 14 or more"),
        ({"support": 1}, "support=1: must be a whole number of at least 2"),
        ({"rule": "sign"}, "rule='sign': is no monotone g"),
        ({"a": "1/3"}, "a='1/3': must be an exact number in"),
        ({"feature": 1}, "feature=1: must be true or false"),
    ],
)
def test_parameters_are_checked(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        Stability(**parameters)  # type: ignore[arg-type]


def test_only_algorithms_made_for_its_facts_face_it() -> None:
    from onehalf.plan.experiment import cells_of

    with pytest.raises(InvalidValue, match="made for linear-program"):
        list(cells_of([PROBLEM], ["honest"], ["vertex"], 1))
    with pytest.raises(InvalidValue, match="made for stability"):
        list(cells_of([oh.AlternatingTraining()], ["decoy"], ["stable"], 1))


def test_generic_attacks_stand_beside_the_certificates(finished: oh.Result) -> None:
    from onehalf.families.stability.toolbox import attack_outputs

    for _ in range(2):
        attack_outputs(finished, 1)
    rows = finished.summary()["stability"][0]["algorithms"]
    attacked = [row for row in rows if row["attacks"]]
    assert [row["algorithm"] for row in attacked] == ["random-features", "mlp-lbfgs"]
    for row in attacked:
        found = row["attacks"]
        assert found["networks"] == 1
        # What a universal perturbation along e_2 alone can do is bounded by the exact search; PGD moves each point.
        assert 1 <= found["universal"]["most"] <= 12
        assert found["pgd"]["most"] >= found["flipped"]["least"] // 2
    assert "Beside generic attacks" in finished.report().read_text(encoding="utf-8")


def test_the_attacks_see_the_right_gradient() -> None:
    import numpy as np

    from onehalf.families.stability.toolbox import generic_attack
    from oracle.networks import Network

    # φ = ρ(x_2)/δ: PGD moves label-0 points up and label-1 points down by δ, which flips every one of them.
    network = Network([([[0.0, 1.0]], [0.0]), ([[2.0**40]], [0.0])])
    found = generic_attack(network, PROBLEM.sample, PROBLEM.monotone, 1)
    ones = sum(PROBLEM.sample.labels)
    assert found["pgd"] >= ones
    # A dead network has gradient 0 and no attack moves anything: wrong are the label-1 points, as they are.
    dead = Network([(np.zeros((1, 2)), [-1.0]), ([[1.0]], [0.0])])
    assert generic_attack(dead, PROBLEM.sample, PROBLEM.monotone, 1)["pgd"] == ones
