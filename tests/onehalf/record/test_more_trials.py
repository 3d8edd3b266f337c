"""A directory takes more trials of the same cells, and is overwritten only by word; its tables need no join."""

import os
from pathlib import Path

import pytest

import onehalf as oh

PROBLEM = oh.AlternatingTraining(exponent=9, hidden=(2,))


def test_more_trials_are_added_with_the_same_seeds(tmp_path: Path) -> None:
    place = tmp_path / "run"
    few = oh.run(PROBLEM, "coin-flip", trials=3, directory=place).trials
    more = oh.run(PROBLEM, "coin-flip", trials=5, directory=place, budget={"digits": 10_000}).trials
    assert len(more) == 5
    columns = ["seed", "verdict_1", "verdict_2", "depth"]
    assert more.loc[:2, columns].equals(few[columns])
    whole = oh.run(PROBLEM, "coin-flip", trials=5).trials
    assert more[columns].equals(whole[columns])
    assert oh.load(place).summary()["totals"]["planned"] == 5
    with pytest.raises(oh.InvalidValue, match="has trials 5, not 4"):
        oh.run(PROBLEM, "coin-flip", trials=4, directory=place)


def test_another_experiment_is_deleted_by_word_alone(tmp_path: Path) -> None:
    oh.run(PROBLEM, "coin-flip", trials=2, directory=tmp_path)
    with pytest.raises(oh.InvalidValue, match="delete it with --overwrite"):
        oh.run(PROBLEM, "constant-half", trials=2, directory=tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(oh.InvalidValue, match=r"holds mine\.txt, too"):
        oh.run(PROBLEM, "constant-half", trials=2, directory=tmp_path, overwrite=True)
    os.remove(tmp_path / "mine.txt")
    found = oh.run(PROBLEM, "constant-half", trials=2, directory=tmp_path, overwrite=True)
    assert set(found.trials["algorithm"]) == {"constant-half"}


def test_rows_say_what_their_cell_is() -> None:
    found = oh.run([PROBLEM, oh.AlternatingTraining(exponent=4, hidden=(2,))], ["reader[bits=6]"], trials=2)
    shares = found.trials.groupby(["algorithm", "exponent", "oracle"])["shared"].mean()
    assert shares.to_dict() == {
        ("reader[bits=6]", 4, "decoy"): 0.0,
        ("reader[bits=6]", 9, "decoy"): 1.0,
    }
    cells = found.cells.set_index("exponent")
    assert cells.loc[4, "rate"] == 1.0
    assert cells.loc[9, ["recorded", "told_apart", "bound"]].tolist() == [2, 0.0, 0.5]
    with pytest.raises(oh.InvalidValue, match="is where the HTML page goes"):
        found.report("x.pdf")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"budget": {"second": 5}}, "names digits and seconds"),
        ({"directory": 5}, "is no path"),
        ({"algorithms": 5}, "is no algorithm"),
        ({"oracle": "decoi"}, "did you mean decoy?"),
    ],
)
def test_bad_input_ends_in_a_sentence(given: dict[str, object], sentence: str) -> None:
    arguments: dict[str, object] = {"algorithms": "coin-flip", "trials": 1, **given}
    with pytest.raises(oh.InvalidValue) as raised:
        oh.run(PROBLEM, **arguments)  # type: ignore[arg-type]
    assert sentence in str(raised.value)
