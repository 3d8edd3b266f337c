"""The table of barriers: where success falls, beside where Theorem 1 says that it must."""

from analysis.summary.schema import BarrierEntry, DifferenceEntry, SmoothEntry, Summary
from analysis.tables.table import Entry, Table, text, whole
from analysis.wording import interval_text

_CAPTION = (
    "The barrier is the first value of {symbol} at which the smallest success probability is below "
    "{threshold:g}. Its estimate comes of an isotonic fit, its 95% interval of exact tests; theory: the "
    "first value at which Theorem 1's bound, at the measured over-reading, is below it. Smooth: where ½ + "
    "½·logistic(β₀ + β₁{symbol}) is ¾, where a slope is identified; a step has none."
)
_DIFFERENCES = (
    "Difference between two algorithms' barriers in {symbol}, with 95% confidence: an interval that does "
    "not hold 0 tells them apart."
)


def _interval(low: int | None, high: int | None) -> str:
    left = "(−∞" if low is None else f"({low}"
    return f"{left}, {'∞)' if high is None else f'{high}]'}"


def _smooth(fit: SmoothEntry | None) -> Entry:
    if fit is None:
        return Entry("", -2.0)
    if fit["midpoint"] is None:
        return Entry("not identified", -1.0, fit["reason"])
    slope, error = fit["coefficients"][1], fit["errors"][1]
    return Entry(
        f"{fit['midpoint']:.2f} {interval_text(fit['interval'], places=2)}",
        fit["midpoint"],
        f"slope {slope:.3g} ± {error:.2g}",
    )


def _row(entry: BarrierEntry, with_setting: bool) -> list[Entry]:
    note = "" if entry["theory"] is None or _holds(entry["above"], entry["theory"]) else "theory outside"
    return [
        text(entry["algorithm"]),
        text(entry["oracle"]),
        *([text(entry["fixed"] or "–")] if with_setting else []),
        text(f"{entry['values'][0]} to {entry['values'][-1]}"),
        whole(entry["estimate"], "none"),
        Entry(
            _interval(entry["above"], entry["at_most"]), float(entry["above"] or -1), note, alarm=bool(note)
        ),
        whole(entry["theory"], "none"),
        _smooth(entry["smooth"]),
    ]


def _holds(above: int | None, theory: int) -> bool:
    """Whether the barrier may lie where the theory has it, or before it: the theorem bounds from above."""
    return above is None or above < theory


def _difference(entry: DifferenceEntry) -> list[Entry]:
    low, high = entry["low"], entry["high"]
    ends = f"[{'−∞' if low is None else low}, {'∞' if high is None else high}]"
    apart = (low is not None and low > 0) or (high is not None and high < 0)
    return [
        text(entry["first"]),
        text(entry["second"]),
        text(entry["oracle"]),
        Entry(ends, float(low or 0)),
        text("differ" if apart else "not told apart"),
    ]


def barrier_tables(summary: Summary) -> list[Table]:
    """A table of barriers for each family and parameter, and one of differences between algorithms."""
    tables = []
    groups = dict.fromkeys((e["family"], e["parameter"], e["symbol"]) for e in summary["barriers"])
    for index, (family, parameter, symbol) in enumerate(groups, start=1):
        members = [e for e in summary["barriers"] if (e["family"], e["parameter"]) == (family, parameter)]
        caption = _CAPTION.format(symbol=symbol, threshold=members[0]["threshold"])
        several = len({entry["fixed"] for entry in members}) > 1
        headings = ["algorithm", "oracle", *(["setting"] if several else []), f"{symbol} from"]
        headings += ["barrier", "interval", "theory", "smooth"]
        rows = [_row(entry, several) for entry in members]
        table = Table(f"barriers-{index}", f"{family}, along {symbol}", caption, headings, rows)
        tables.append(table.compact(kept=("algorithm", "barrier", "interval")))
        apart = [
            e for e in summary["barrier_differences"] if (e["family"], e["parameter"]) == (family, parameter)
        ]
        if apart:
            headings = ["first", "second", "oracle", "first − second", "told apart"]
            rows = [_difference(entry) for entry in apart]
            caption = _DIFFERENCES.format(symbol=symbol)
            title = f"{family}, differences along {symbol}"
            table = Table(f"barrier-differences-{index}", title, caption, headings, rows)
            tables.append(table.compact(kept=("first", "second", "first − second")))
    return tables
