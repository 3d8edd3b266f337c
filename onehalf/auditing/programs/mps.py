"""MPS files with the digits of their own text, and what HiGHS makes of the same file beside them.

HiGHS's own reader rounds to float64, drops entries below 1e-12, and lets NaN and rows of one name pass. So the numbers
are read from the text, and the two readings are compared: where they differ, the file is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from onehalf.auditing.data import Datum, read_decimal
from onehalf.auditing.programs.highs import highs
from onehalf.auditing.programs.model import STRUCTURAL, Shown, shown_program
from oracle.errors import InvalidValue

_SECTIONS = ("NAME", "OBJSENSE", "OBJNAME", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")
_READING = "The numbers are the decimals that the file holds, each digit kept."


@dataclass
class _Draft:
    """What has been read so far."""

    objective: str | None = None
    sense: int = 1
    offset: Datum = STRUCTURAL
    free_rows: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, Datum]] = field(default_factory=dict)
    sides: dict[str, Datum] = field(default_factory=dict)
    ranges: dict[str, Datum] = field(default_factory=dict)
    low: dict[str, Datum | None] = field(default_factory=dict)
    high: dict[str, Datum | None] = field(default_factory=dict)


def read_mps(path: Path, text: str) -> Shown:
    """Return the program of an MPS file, free or fixed, exactly.

    Raises
    ------
    InvalidValue
        If the file is malformed, has integer variables, or HiGHS reads it otherwise.
    """
    draft, section = _Draft(), ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("*"):
            continue
        words = line.split()
        if not line[0].isspace():
            section = words[0].upper()
            if section not in _SECTIONS:
                raise _bad(path, number, f"{words[0][:40]!r} is no section of a linear program")
            if section == "OBJSENSE" and len(words) > 1:
                _sense(draft, words[1:], path, number)
            if section == "ENDATA":
                break
            continue
        reader = _READERS.get(section)
        if reader is None:
            raise _bad(path, number, "a line of data stands outside every section")
        reader(draft, words, path, number)
    if section != "ENDATA":
        raise InvalidValue("file", str(path), "ends before ENDATA", "get the whole file: this one is cut off")
    shown = _put_together(draft, path)
    _compare(shown, path)
    return shown


def _bad(path: Path, number: int, rule: str) -> InvalidValue:
    return InvalidValue("file", str(path), f"line {number}: {rule}", "correct this line")


def _sense(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    if words[0].upper()[:3] not in ("MAX", "MIN"):
        raise _bad(path, number, f"{words[0]!r} is no sense; write MIN or MAX")
    draft.sense = -1 if words[0].upper().startswith("MAX") else 1


def _objective_name(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    draft.objective = words[0]


def _row(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    if len(words) != 2 or words[0].upper() not in ("N", "E", "L", "G"):
        raise _bad(path, number, "a row is one of N, E, L, G and a name")
    kind, name = words[0].upper(), words[1]
    if name in draft.kinds or name in draft.free_rows or name == draft.objective:
        raise _bad(path, number, f"the row {name!r} is there twice")
    if kind != "N":
        draft.kinds[name] = kind
    elif draft.objective is None:
        draft.objective = name
    else:
        draft.free_rows.add(name)


def _pairs(words: list[str], path: Path, number: int) -> list[tuple[str, Datum]]:
    if not words or len(words) % 2:
        raise _bad(path, number, "names and numbers do not come in pairs")
    return [
        (name, read_decimal(value, f"{path.name} line {number}"))
        for name, value in zip(words[::2], words[1::2], strict=True)
    ]


def _column(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    if "'MARKER'" in words:
        raise InvalidValue(
            "file", str(path), "has integer variables", "audit its relaxation: remove the MARKER lines"
        )
    column = draft.columns.setdefault(words[0], {})
    if words[0] != next(reversed(draft.columns)):
        raise _bad(path, number, f"the column {words[0]!r} comes back after another: its name is there twice")
    for row, datum in _pairs(words[1:], path, number):
        _known(draft, row, path, number)
        if row in column:
            raise _bad(path, number, f"the entry of row {row!r} in column {words[0]!r} is there twice")
        column[row] = datum


def _known(draft: _Draft, row: str, path: Path, number: int) -> None:
    if row not in draft.kinds and row != draft.objective and row not in draft.free_rows:
        raise _bad(path, number, f"there is no row {row!r}")


def _side(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    for row, datum in _pairs(words[len(words) % 2 :], path, number):
        _known(draft, row, path, number)
        if row == draft.objective:
            draft.offset = Datum(-datum.value, datum.half_unit)
        elif row in draft.sides:
            raise _bad(path, number, f"the side of row {row!r} is there twice")
        else:
            draft.sides[row] = datum


def _range(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    for row, datum in _pairs(words[len(words) % 2 :], path, number):
        _known(draft, row, path, number)
        if row in draft.ranges:
            raise _bad(path, number, f"the range of row {row!r} is there twice")
        draft.ranges[row] = datum


def _bound(draft: _Draft, words: list[str], path: Path, number: int) -> None:
    kind = words[0].upper()
    bare = kind in ("FR", "MI", "PL")
    rest = words[1:]
    if kind not in ("UP", "LO", "FX", "FR", "MI", "PL"):
        integers = kind in ("BV", "UI", "LI", "SC")
        raise _bad(
            path, number, f"{kind} makes an integer variable" if integers else f"{kind!r} is no kind of bound"
        )
    name = next((word for word in rest[-2:] if word in draft.columns), None)
    if name is None:
        raise _bad(path, number, "the bound is of no column that there is")
    value = None if bare else rest[-1]
    infinite = {
        "1e30": 1,
        "+1e30": 1,
        "-1e30": -1,
        "inf": 1,
        "+inf": 1,
        "-inf": -1,
        "infinity": 1,
        "-infinity": -1,
    }
    if bare:
        if kind in ("FR", "MI"):
            draft.low[name] = None
        if kind in ("FR", "PL"):
            draft.high[name] = None
        return
    assert value is not None
    way = infinite.get(value.lower())
    if way is not None:
        if (kind, way) not in (("UP", 1), ("LO", -1)):
            raise _bad(path, number, f"the bound {kind} {value} of {name!r} leaves it no value")
        (draft.high if way > 0 else draft.low)[name] = None
        return
    datum = read_decimal(value, f"{path.name} line {number}")
    if kind in ("LO", "FX"):
        draft.low[name] = datum
    if kind in ("UP", "FX"):
        draft.high[name] = datum
        if kind == "UP" and datum.value < 0 and name not in draft.low:
            draft.low[name] = None


_READERS: dict[str, Callable[[_Draft, list[str], Path, int], None]] = {
    "OBJSENSE": _sense,
    "OBJNAME": _objective_name,
    "ROWS": _row,
    "COLUMNS": _column,
    "RHS": _side,
    "RANGES": _range,
    "BOUNDS": _bound,
}


def _put_together(draft: _Draft, path: Path) -> Shown:
    if draft.objective is None or not draft.columns or not draft.kinds:
        raise InvalidValue(
            "file", str(path), "has no objective, no rows or no columns", "give a whole program"
        )
    rows: list[tuple[str, Datum | None, Datum | None]] = []
    made_of: dict[int, tuple[Datum, Datum]] = {}
    for name, kind in draft.kinds.items():
        side = draft.sides.get(name, STRUCTURAL)
        low = side if kind in ("E", "G") else None
        high = side if kind in ("E", "L") else None
        if (span := draft.ranges.get(name)) is not None:
            made_of[len(rows)] = side, span
            if kind == "L" or (kind == "E" and span.value < 0):
                low = Datum(side.value - abs(span.value), Fraction(0))
            else:
                high = Datum(side.value + abs(span.value), Fraction(0))
        rows.append((name, low, high))
    columns = [(name, draft.low.get(name, STRUCTURAL), draft.high.get(name)) for name in draft.columns]
    for name, low, high in [*columns, *rows]:
        if low is not None and high is not None and low.value > high.value:
            raise InvalidValue(
                "file", str(path), f"{name!r} has a lower limit above its upper one", "correct it"
            )
    at = {name: i for i, name in enumerate(draft.kinds)}
    entries = {
        (at[row], j): datum
        for j, column in enumerate(draft.columns.values())
        for row, datum in column.items()
        if row in at
    }
    cost = {
        j: column[draft.objective]
        for j, column in enumerate(draft.columns.values())
        if draft.objective in column
    }
    return shown_program(
        cost, entries, rows, columns, draft.objective, draft.sense, draft.offset, _READING, made_of
    )


def _compare(shown: Shown, path: Path) -> None:
    """Refuse a file that HiGHS reads otherwise."""
    solver = highs()
    solver.readModel(str(path))
    model = solver.getLp()
    program = shown.program
    n, m = len(shown.columns), len(shown.rows)
    same = (model.num_col_, model.num_row_) == (n, m)
    if same:
        starts, index, value = (
            list(x) for x in (model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_)
        )
        for j in range(n):
            theirs = {index[k]: value[k] for k in range(starts[j], starts[j + 1])}
            ours = {i: float(a) for i, a in program.columns[j].items() if abs(a) > Fraction(1, 10**8)}
            same &= all(theirs.get(i) == a for i, a in ours.items()) and len(theirs) <= len(
                program.columns[j]
            )
        pairs = [
            (model.row_lower_, program.row_low),
            (model.row_upper_, program.row_high),
            (model.col_lower_, program.low),
            (model.col_upper_, program.high),
            (model.col_cost_, [shown.sense * c for c in program.cost]),
            ([model.offset_], [shown.offset]),
        ]
        same &= all(
            (abs(x) >= 1e20) if y is None else abs(x - float(y)) <= 1e-9 * max(1.0, abs(x))
            for theirs_, ours_ in pairs
            for x, y in zip(theirs_, ours_, strict=True)
        )
    if not same:
        raise InvalidValue(
            "file",
            str(path),
            "is read otherwise by HiGHS, so what it means is not certain",
            "write it in free format, without blanks in names",
        )
