"""Generated experiments: any mix of families, oracles, algorithms, roles and outcomes, with few trials."""

from typing import Any

from hypothesis import strategies as st

from tests.analysis.conftest import AXES as AXES_OF_TRAINING
from tests.analysis.conftest import Tables
from tests.analysis.prose.store import Raw

STATUSES = ("halted", "halted", "halted", "no_halt", "error", "crashed", "invalid", "abstained")
AXES = {
    "training": AXES_OF_TRAINING,
    "other": [
        AXES_OF_TRAINING[0],
        {"name": "places", "symbol": "p", "words": "places asked for", "kind": "demand"},
    ],
}


@st.composite
def outcomes(
    draw: st.DrawFn, cell: dict[str, Any], manner: str, shared: bool, perfect: bool
) -> dict[str, Any]:
    """One trial: a shared run has one output, accepted on one exclusive input at most; others have what they have."""
    inputs, exclusive = cell["inputs"], cell["exclusive"]
    status = {"errors": "error", "silent": "no_halt"}.get(manner) or draw(st.sampled_from(STATUSES))
    statuses = (
        [status] * len(inputs) if shared or perfect else [draw(st.sampled_from(STATUSES)) for _ in inputs]
    )
    if manner in ("errors", "silent"):
        statuses = [status] * len(inputs)
    claim = draw(st.sampled_from((None, True, False)))
    chosen = draw(st.sampled_from([*exclusive, None])) if exclusive else None
    game = cell.get("value") and not exclusive  # of overlapping answers, each right on two inputs at most
    served = draw(st.permutations(cell["compared"]))[:2] if game else inputs
    verdicts: list[str | None] = []
    for name, ended in zip(inputs, statuses, strict=True):
        if ended != "halted":
            verdicts.append(None)
        elif shared and name in exclusive and len(exclusive) > 1:
            verdicts.append("accepted" if name == chosen else "rejected")
        elif shared and name not in served:
            verdicts.append("rejected")
        elif name == cell["limit"] and cell["theorem"] in (
            "3",
            "4",
        ):  # which asks for an answer, and for no more
            verdicts.append("accepted")
        else:
            verdicts.append(
                "accepted" if perfect else draw(st.sampled_from(("accepted", "rejected", "undecided")))
            )
    claims = tuple(claim if verdict is not None else None for verdict in verdicts)
    return {"shared": shared, "statuses": tuple(statuses), "verdicts": tuple(verdicts), "claims": claims}


@st.composite
def games(draw: st.DrawFn, exclusive: tuple[str, ...], limit: str) -> dict[str, Any]:
    """The theorem of a cell, and the value of its game where that is not 1/k: no answer for all of some that overlap.

    Of the limit game that of a ι⁰ which asks for an answer alone: ι⁰ weighs (k − 1)/(2k − 1), each other 1/(2k − 1).
    """
    k, given = len(exclusive), {"value": None, "compared": (), "weights": None, "halting": None}
    if limit:
        theorem = draw(st.sampled_from(("2", "3", "4")))
        if theorem != "4":
            return {**given, "theorem": theorem}
        each = dict.fromkeys(exclusive, f"1/{2 * k - 1}")
        weights = {limit: f"{k - 1}/{2 * k - 1}", **each}
        value = f"{k}/{2 * k - 1}"
        return {
            "theorem": "4",
            "value": value,
            "compared": exclusive,
            "weights": weights,
            "halting": f"1/{k}",
        }
    if exclusive:
        return {**given, "theorem": "1"}
    if draw(st.booleans()):  # any answer is right on two of them at most
        value, compared = draw(st.sampled_from((("2/3", ("1", "2", "3")), ("1/2", ("1", "2", "3", "4")))))
        return {**given, "theorem": "1", "value": value, "compared": compared}
    return {**given, "theorem": ""}


@st.composite
def experiments(draw: st.DrawFn, most: int = 5) -> Raw:
    """Any mix of families, oracles, algorithms and roles, with few trials, whole or not; one cell where most is 1."""
    cells, trials = [], []
    lines = draw(st.integers(1, min(4, most)))
    for line in range(lines):
        name = draw(st.sampled_from(("adam", "reader", "boom")))
        label = draw(st.sampled_from((name, f"{name}[bits={line}]")))
        manner = draw(st.sampled_from(("any", "any", "good", "errors", "silent")))
        kind = {
            "family": draw(st.sampled_from(("training", "other"))),
            "oracle": draw(st.sampled_from(("blind", "honest"))),
            "algorithm": label,
            "algorithm_name": name,
            "role": draw(st.sampled_from(("trainer", "baseline", "control"))),
        }
        three = draw(st.booleans())
        end = draw(st.integers(5, 9))
        digits, demand = draw(st.integers(1, 2)), AXES[kind["family"]][1]["name"]
        for e in range(5, 5 + draw(st.integers(1, most))):
            limit = draw(st.sampled_from(("", "", "", "0")))
            exclusive = draw(st.sampled_from((("1", "2", "3") if three else ("1", "2"),) * 4 + ((),)))
            game = draw(games(exclusive, limit if exclusive else ""))
            cell = {
                **Tables.cell(),
                **kind,
                "cell": len(cells),
                "axes": AXES[kind["family"]],
                "parameters": {"exponent": e, demand: draw(st.sampled_from((digits, digits, digits, 3)))},
                "inputs": (
                    *([limit] if limit and exclusive else []),
                    *(exclusive or game["compared"] or ("1", "2")),
                ),
                "exclusive": exclusive,
                "limit": limit if exclusive else "",
                **game,
                "over_reading_exact": draw(st.sampled_from((None, None, 0.0, 0.5, 1.0))),
                "tier": "attained" if kind["family"] == "other" else "",
                "planned": draw(st.integers(1, 6)),
            }
            apart = draw(st.sampled_from((e < end, e < end, e < end, None)))
            done = min(cell["planned"], draw(st.sampled_from((9, 9, 9, 2, 1, 0))))
            rows = []
            for _ in range(done):
                told = draw(st.booleans()) if apart is None else apart
                rows.append(draw(outcomes(cell, manner, not told, manner == "good")))
            cells.append(cell)
            trials.append(rows)
    untold = (("other", "it is not at hand here"),) if draw(st.integers(0, 9)) == 9 else ()
    return Raw(cells, trials, untold)


@st.composite
def stairs(draw: st.DrawFn) -> Raw:
    """Problems that ask for more and more, of which from some demand on no answer serves all inputs."""
    cells, trials = [], []
    family = draw(st.sampled_from(("training", "other")))
    name = AXES[family][1]["name"]
    ends = draw(st.fixed_dictionaries({5: st.integers(1, 3), 6: st.integers(1, 3)}))
    for line in range(draw(st.integers(1, 3))):
        depth = draw(st.sampled_from((5, 5, 5, 6)))
        label = draw(st.sampled_from(("adam", f"reader[bits={line}]")))
        for e, asked in draw(st.sets(st.tuples(st.sampled_from((5, 6)), st.integers(1, 4)), min_size=1)):
            hard = asked > ends[e]
            cell = Tables.cell(
                cell=len(cells),
                family=family,
                axes=AXES[family],
                algorithm=label,
                algorithm_name=label.partition("[")[0],
                parameters={"exponent": e, name: asked},
                exclusive=("1", "2") if hard else (),
                theorem="1" if hard else "",
                limit="",
                over_reading_exact=None,
                planned=draw(st.integers(1, 4)),
            )
            manner = draw(st.sampled_from(("any", "good")))
            drawn = outcomes(cell, manner, e >= depth, manner == "good")
            cells.append(cell)
            trials.append([draw(drawn) for _ in range(cell["planned"])])
    return Raw(cells, trials)


def plain() -> list[Raw]:
    """What is rarely drawn: no trial at all, a story that is not at hand, and nothing but cells without a bound."""
    bare = {"limit": "", "theorem": "", "exclusive": (), "planned": 2, "over_reading_exact": None}
    right = {
        "shared": True,
        "statuses": ("halted",) * 2,
        "verdicts": ("accepted",) * 2,
        "claims": (None,) * 2,
    }
    wrong = {**right, "verdicts": ("accepted", "rejected")}
    cells = [Tables.cell(cell=at, algorithm=f"a{at}", **bare) for at in range(3)]
    missing = (("other", "it is not at hand here"),)
    return [Raw(cells, [[right, right], [right, right], [right, wrong]]), Raw(cells, [[], [], []], missing)]


@st.composite
def falling(draw: st.DrawFn) -> Raw:
    """Series of many trials that are right as far as their algorithm reads, or not so far, and seldom beyond."""
    cells, trials = [], []
    family = draw(st.sampled_from(("training", "other")))
    row = {"statuses": ("halted",) * 2, "claims": (None, None)}
    for line in range(draw(st.integers(1, 3))):
        end, early = draw(st.integers(6, 10)), draw(st.sampled_from((0, 0, 1, 2)))
        size, noise = draw(st.sampled_from((4, 30, 60))), draw(st.sampled_from((0, 0, 1)))
        for e in range(5, 10):
            fine = size - noise if e < end - early else 0
            verdicts = [("accepted", "accepted" if k < fine else "rejected") for k in range(size)]
            if e >= end:
                flips = draw(st.integers(0, size))
                verdicts = [("accepted", "rejected")[:: 1 if k < flips else -1] for k in range(size)]
            place = {"exponent": e, AXES[family][1]["name"]: 1}
            kind = {
                "family": family,
                "axes": AXES[family],
                "algorithm": f"a{line}",
                "algorithm_name": f"a{line}",
            }
            rest = {"limit": "", "over_reading_exact": None, "planned": size}
            cells.append(Tables.cell(cell=len(cells), parameters=place, **kind, **rest))
            trials.append([{**row, "shared": e >= end, "verdicts": pair} for pair in verdicts])
    return Raw(cells, trials)


@st.composite
def defective(draw: st.DrawFn) -> Raw:
    """Runs accepted on two inputs that exclude each other, which no sound harness records."""
    cells, trials = [], []
    for number in range(draw(st.integers(1, 4))):
        size = draw(st.sampled_from((1, 3, 20)))
        bad = draw(st.integers(0 if number else 1, size))
        row = {"shared": True, "statuses": ("halted",) * 2, "claims": (None, None)}
        cells.append(Tables.cell(cell=number, planned=size, algorithm=f"a{number}", limit=""))
        trials.append(
            [{**row, "verdicts": ("accepted", "accepted" if k < bad else "rejected")} for k in range(size)]
        )
    return Raw(cells, trials)


@st.composite
def ruled(draw: st.DrawFn) -> Raw:
    """Cells with stopping rules that ended as their trials let them, beside a control that needs other dimensions."""
    cells, trials = [], []
    for number in range(draw(st.integers(1, 5))):
        end = draw(st.sampled_from(("above", "below", "width", None)))
        apart, planned = end == "above" or draw(st.booleans()), draw(st.integers(1, 5))
        mixed = end == "above" and draw(st.booleans())
        verdicts = ("accepted",) * 2 if apart else ("accepted", "rejected")
        trial = {"statuses": ("halted",) * 2, "verdicts": verdicts, "claims": (None, None)}
        rule = {"until": "decided", "cap": planned + draw(st.integers(0, 9)), "against": None, "stopped": end}
        cells.append(Tables.cell(cell=number, planned=planned, algorithm=f"a{number}", limit="", **rule))
        done = planned if draw(st.booleans()) else draw(st.integers(0, planned))
        alike = {**trial, "verdicts": ("accepted", "rejected"), "shared": True}
        trials.append([alike if mixed and k else {**trial, "shared": not apart} for k in range(done)])
    plain = {"algorithm": "wide", "role": "control", "limit": "", "until": None, "cap": 0, "against": None}
    for free in (True, False):
        verdict, status = ("accepted", "halted") if free else (None, "invalid")
        ended = {
            "shared": True,
            "statuses": (status,) * 2,
            "verdicts": (verdict,) * 2,
            "claims": (None, None),
        }
        exclusive = () if free else ("1", "2")
        size = draw(st.integers(1, 3))
        kind = {"exclusive": exclusive, "theorem": "" if free else "1", "planned": size, "stopped": None}
        cells.append(Tables.cell(cell=len(cells), parameters={"exponent": 53, "free": free}, **plain, **kind))
        trials.append([ended] * size)
    return Raw(cells, trials)
