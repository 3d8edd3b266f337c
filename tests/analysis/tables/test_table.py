"""Tables say once what all their rows say."""

from analysis.tables.table import Entry, Table, text


def table(*rows: list[Entry]) -> Table:
    return Table("t", "T", "Caption.", ["cell", "oracle", "rate"], list(rows))


def test_a_column_that_never_changes_is_said_in_the_caption() -> None:
    rows = [[text(n), Entry("blind", "blind", "a note"), text("1")] for n in range(3)]
    found = table(*rows).compact(kept=("rate",))
    assert found.headings == ["cell", "rate"]
    assert [[entry.text for entry in row] for row in found.rows] == [["0", "1"], ["1", "1"], ["2", "1"]]
    assert found.caption == "Caption. The same in every row: oracle: blind (a note)."


def test_columns_that_differ_in_a_note_and_short_tables_stay() -> None:
    rows = [[text(n), Entry("blind", "blind", str(n)), text(n)] for n in range(3)]
    assert table(*rows).compact(kept=()) == table(*rows)
    same = [[text(n), text("blind"), text(n)] for n in range(2)]
    assert table(*same).compact(kept=()) == table(*same)


def test_an_alarm_is_never_hidden() -> None:
    rows = [[text(n), Entry("defect", 1.0, alarm=True), text(n)] for n in range(3)]
    assert table(*rows).compact(kept=()) == table(*rows)
