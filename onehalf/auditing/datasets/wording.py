"""What the audit of a training set found, as sentences and table rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR

from onehalf.auditing.data import as_decimal
from onehalf.auditing.datasets.bounds import accuracy_bound, up_to
from onehalf.auditing.datasets.conflicts import NearestLabels
from onehalf.auditing.datasets.labelled import Labelled
from onehalf.auditing.datasets.look import TableLook
from onehalf.auditing.datasets.trainers import Trained
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, AuditDecision

QUESTION = "right at every training point"
CLAIMS = (
    "IMPOSSIBLE: M disjoint pairs of points with different labels may each stand in the other's place within "
    "the radii. On some data set within the radii, all of its points different, the probability of being "
    "right at every training point is at most 2^-M, and the expected training accuracy at most 1 − M/r, for "
    "every algorithm that sees only the shown numbers, every hypothesis class and every cost (Theorem T). The "
    "pairs, and the places at which both may stand, are exact.",
    "CERTIFIED: the boxes of points with different labels are disjoint, so that one function is right at all "
    "points of every data set within the radii: the label of a shown point whose box holds the place asked "
    "for.",
    "Nothing is said of points that are not in the table.",
)


def decision_of(look: TableLook, points: int) -> AuditDecision:
    """Return whether a function can be had that is right at every point."""
    if look.contradictions.pairs:
        i, j = look.contradictions.pairs[0]
        words = f"points {i + 1} and {j + 1} are shown equal, exact, with different labels"
        return AuditDecision(QUESTION, IMPOSSIBLE, words)
    if look.pairs:
        words = (
            f"no algorithm is with probability above 2^-{look.pairs} on every data set within the radii, nor right "
            f"at more than {up_to(accuracy_bound(look.pairs, points))} of the points on average: "
            f"{_pairs(look)} may stand in each other's place"
        )
        return AuditDecision(QUESTION, IMPOSSIBLE, words)
    if look.halved:
        words = (
            "no algorithm is with probability above 1/2: two points of different labels may both take the one place at "
            "which their boxes touch"
        )
        return AuditDecision(QUESTION, IMPOSSIBLE, words)
    if not len(look.conflicts.touching):
        words = (
            "the boxes of points with different labels are disjoint, so that one function is right on every data set "
            "within the radii"
        )
        return AuditDecision(QUESTION, CERTIFIED, words)
    words = "boxes of points with different labels touch an exact point, which is neither an exchange nor a separation"
    return AuditDecision(QUESTION, NEITHER, words)


def _number(look: TableLook) -> str:
    return f"{look.pairs}" if look.matching.largest else f"at least {look.pairs}"


def _pairs(look: TableLook) -> str:
    return "one pair" if look.pairs == 1 else f"{_number(look)} disjoint pairs"


def sentences_of(table: Labelled, look: TableLook, trained: Sequence[Trained]) -> list[str]:
    """Return what one reading means, a sentence or two."""
    points = len(table.labels)
    decision = decision_of(look, points)
    start = f"From numbers {look.words}, "
    if decision.verdict == CERTIFIED:
        return [f"{start}every data set can be learnt without error: {decision.words}."]
    if decision.verdict == NEITHER:
        return [f"{start}nothing is proved: {decision.words}."]
    if look.contradictions.pairs:
        return [
            f"{start}no function is right at all {points} points: {decision.words}; no expected training accuracy "
            f"is above {up_to(accuracy_bound(look.pairs, points))} on every data set within the radii."
        ]
    if not look.pairs:
        return [f"{start}{decision.words.replace('algorithm is', 'algorithm is right at all points', 1)}."]
    bound = accuracy_bound(look.pairs, points)
    found = [
        f"{start}no algorithm is right at all {points} points with probability above 2^-{look.pairs} on every data set "
        f"within the radii, and none has an expected training accuracy above {up_to(bound)}, whatever the hypothesis "
        f"class: {_pairs(look)} of points with different labels may stand in each other's place "
        f"({len(look.conflicts.swapping)} {'conflict' if len(look.conflicts.swapping) == 1 else 'conflicts'})."
    ]
    if trained:
        best = max(trained, key=lambda one: one.worst)
        found.append(
            f"{_none_of(len(trained))} on average over its runs right at more than {up_to(best.worst)} of the points "
            f"of the adversarial data set that is worst for it ({best.name}; {float(best.shown):.3f} on the numbers as "
            "shown)."
        )
    return found


def _none_of(count: int) -> str:
    return "The trainer that was run there is not" if count == 1 else f"None of {count} trainers run there is"


def barred_first(sentences: list[str]) -> list[str]:
    """Return the sentences, those first that say what cannot be had."""
    return sorted(sentences, key=lambda text: "can be learnt" in text)


def separation_sentence(table: Labelled, apart: NearestLabels) -> str:
    """Return the positive side: within which radius the labels are separated."""
    i, j = (k + 1 for k in apart.pair)
    if not apart.distance:
        return f"Points {i} and {j} are shown equal with different labels: no radius separates the labels."
    half = as_decimal(apart.distance / 2, rounding=ROUND_FLOOR)
    return (
        f"The labels are separated within every radius below {half}, half the distance of points {i} and {j} (the "
        "largest difference of a feature): there the label of the nearest shown point is right on every data set "
        "within the radius."
    )


def exact_sentences(table: Labelled, look: TableLook) -> list[str]:
    """Return which features were taken as exact, if any were."""
    still = [name for name, moves in zip(table.features, look.boxes.inexact, strict=True) if not moves]
    if not still:
        return []
    shown = ", ".join(still[:4]) + (f" and {len(still) - 4} more" if len(still) > 4 else "")
    return [
        f"Taken as exact, since whole numbers or declared so: {shown} (--inexact NAME, or "
        "--radius NAME=R, if they are not)."
    ]


def row_of_look(table: Labelled, look: TableLook) -> tuple[str, ...]:
    """Return the row of a table."""
    points = len(table.labels)
    success = str(look.success) if look.success in (0, 1) else f"2^-{max(look.pairs, 1)}"
    return (
        look.title,
        str(len(look.conflicts.swapping)),
        _number(look),
        success,
        up_to(accuracy_bound(look.pairs, points)),
        str(len(look.conflicts.strict)),
        str(len(look.strict.pairs)),
    )
