"""A training set audited at several radii: how much of it can be learnt, by whatever algorithm (Theorem T)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onehalf.auditing.datasets.bounds import accuracy_bound, few_wrong_bound, up_to
from onehalf.auditing.datasets.conflicts import NearestLabels, separation_of
from onehalf.auditing.datasets.labelled import Labelled, boxes_of, given_boxes
from onehalf.auditing.datasets.look import TableLook, look_of
from onehalf.auditing.datasets.picture import scatter
from onehalf.auditing.datasets.trainers import Trained, run_trainer
from onehalf.auditing.datasets.twins import Exchange, csv_of, exact_decimal
from onehalf.auditing.datasets.wording import (
    CLAIMS,
    barred_first,
    decision_of,
    exact_sentences,
    row_of_look,
    sentences_of,
    separation_sentence,
)
from onehalf.auditing.listening import AuditListener
from onehalf.auditing.radii import Radii
from onehalf.auditing.verdicts import Audit, Finding

_FEW_WRONG = 100
_HEADS: tuple[str, ...] = (
    *("radii", "conflicts", "M", "right at all points ≤", "expected accuracy ≤"),
    *("conflicts, < in all features", "M, < in all"),
)
_TRAINED = (
    *("radii", "trainer", "runs", "as shown", "mean over the data sets"),
    *("on the worst", "all right there", "bound"),
)


def audit_dataset(
    table: Labelled,
    source: str,
    readings: Sequence[Radii],
    listener: AuditListener,
    trainers: Sequence[tuple[str, Any]] = (),
) -> Audit:
    """Audit a training set; without readings at the radii that were given with the data."""
    listener.tell(f"{source}: {len(table.labels)} points, {len(table.features)} features")
    looks: list[TableLook] = []
    findings: list[Finding] = []
    rows: list[tuple[str, ...]] = []
    sentences: list[str] = []
    files: dict[str, str] = {}
    told: list[tuple[str, ...]] = []
    for radii in readings or (None,):
        title, words = (
            (radii.title, radii.words) if radii else ("radii given", "within the radii given with them")
        )
        with listener.stage(f"{source}, {title}") as tell:
            look = look_of(table, boxes_of(table, radii) if radii else given_boxes(table), title, words)
            tell()
            trained = []
            for name, estimator in trainers if look.twins.exchanges else ():
                trained.append(run_trainer(name, estimator, table, look.twins))
                tell()
        looks.append(look)
        findings.append(_finding(table, look, trained))
        rows.append(row_of_look(table, look))
        sentences += sentences_of(table, look, trained)
        told += [_trained_row(table, look, one) for one in trained]
        files |= _files(table, look, trained)
    apart = separation_of(table.numbers, table.labels)
    sentences = [
        *barred_first(sentences),
        separation_sentence(table, apart),
        *exact_sentences(table, looks[0]),
    ]
    tables = [("Conflicts and what they mean", _HEADS, tuple(rows))]
    if told:
        tables.append(("Accuracy of trainers on the adversarial data sets", _TRAINED, tuple(told)))
    return Audit(
        "training set",
        source,
        table.reading,
        tuple(findings),
        _data(table, apart),
        tuple(sentences),
        tuple(tables),
        title="How much of this table can be learnt from these numbers",
        claims=CLAIMS,
        files=files,
        picture=scatter(table, looks),
    )


def _finding(table: Labelled, look: TableLook, trained: Sequence[Trained]) -> Finding:
    points = len(table.labels)
    radii = [
        [exact_decimal((b - a) / 2) for a, b in zip(low, high, strict=True)]
        for low, high in zip(look.boxes.low, look.boxes.high, strict=True)
    ]
    facts: dict[str, Any] = {
        "points": points,
        "classes": len(table.classes),
        "conflicts": len(look.conflicts.swapping),
        "pairs": look.pairs,
        "largest": look.matching.largest,
        "success_at_most": str(look.success),
        "accuracy_at_most": str(accuracy_bound(look.pairs, points)),
        "wrong_at_most": [str(few_wrong_bound(look.pairs, q)) for q in range(min(look.pairs, _FEW_WRONG))],
        "conflicts_strict": len(look.conflicts.strict),
        "pairs_strict": len(look.strict.pairs),
        "touching": len(look.conflicts.touching),
        "contradictions": len(look.contradictions.pairs),
        "trainers": [_trained_json(one) for one in trained],
    }
    proof = {
        "radii": radii[0] if all(row == radii[0] for row in radii) else radii,
        "exchanges": [_exchange_json(exchange) for exchange in look.twins.exchanges],
        "contradictions": [list(pair) for pair in look.contradictions.pairs],
        "distinct": look.twins.distinct,
        "points": [[exact_decimal(x) for x in point] for point in look.twins.points],
    }
    return Finding(look.title, look.words, (), (decision_of(look, points),), (), proof, facts)


def _trained_row(table: Labelled, look: TableLook, one: Trained) -> tuple[str, ...]:
    shares = (one.shown, one.mean, one.worst, one.all_right)
    bound = accuracy_bound(len(look.twins.exchanges), len(table.labels))
    return (look.title, one.name, str(one.runs), *(f"{float(x):.3f}" for x in shares), up_to(bound))


def _trained_json(one: Trained) -> dict[str, Any]:
    shares = {"shown": one.shown, "mean": one.mean, "worst": one.worst, "all_right": one.all_right}
    return {"name": one.name, "runs": one.runs, **{key: str(value) for key, value in shares.items()}}


def _exchange_json(exchange: Exchange) -> dict[str, Any]:
    return {
        "points": [exchange.first, exchange.second],
        "places": [[exact_decimal(x) for x in place] for place in exchange.places],
    }


def _files(table: Labelled, look: TableLook, trained: Sequence[Trained]) -> dict[str, str]:
    """Return the adversarial data sets as files: one order of the pairs, the other, each trainer's worst."""
    if not look.twins.exchanges:
        return {}
    folder = "data-sets/" + "".join(c if c.isalnum() or c in "-." else "-" for c in look.title)
    count = len(look.twins.exchanges)
    files = {
        f"{folder}/one-order.csv": csv_of(table, look.twins.data_set([False] * count)),
        f"{folder}/other-order.csv": csv_of(table, look.twins.data_set([True] * count)),
        f"{folder}/pairs.csv": "first,second\n"
        + "".join(f"{e.first + 1},{e.second + 1}\n" for e in look.twins.exchanges),
    }
    return files | {
        f"{folder}/worst-{one.name.rpartition('::')[2]}.csv": csv_of(
            table, look.twins.data_set(one.worst_set)
        )
        for one in trained
    }


def _data(table: Labelled, apart: NearestLabels) -> dict[str, Any]:
    return {
        "features": list(table.features),
        "labels": list(table.labels),
        "values": [[exact_decimal(x) for x in point] for point in table.numbers],
        "separating_radius": exact_decimal(apart.distance / 2),
        "nearest": list(apart.pair),
    }
