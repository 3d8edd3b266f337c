"""Sentences about which algorithms find right answers where the inputs were told apart."""

from collections.abc import Sequence

from analysis.summary.competence import Competence, competence
from analysis.summary.schema import Summary
from analysis.wording import listing, number, plural


def competent(summary: Summary) -> list[str]:
    """Which trainers and solvers are right where the inputs were told apart, which are not, which were never there."""
    known = competence(summary)
    if not known:
        return []
    shown = [found for found in known if found.shown]
    unable = [found for found in known if found.unable]
    silent = [found for found in known if found.best is None]
    parts = []
    if shown:
        parts.append(
            f"{listing(_labels(shown, known), 12)} {'is' if len(shown) == 1 else 'are'} right on every input in more "
            "than half of the trials of some cell in which every trial told the inputs apart "
            f"({number(len(shown))} of {plural(len(shown) + len(unable), 'algorithm')} with such a cell)"
        )
    if unable:
        counts = (
            f"{label} (at best {_share(found)})"
            for label, found in zip(_labels(unable, known), unable, strict=True)
        )
        own = "its failures are its own" if len(unable) == 1 else "their failures are their own"
        parts.append(
            f"where every trial told the inputs apart not right on every input in more than half of the trials: "
            f"{listing(counts, 12)}; {own} and say nothing about the bound"
        )
    if silent:
        parts.append(
            "nothing here shows whether right answers could be expected of "
            f"{listing(_labels(silent, known), 12)}, as there is no cell in which every trial told the inputs apart "
            "(onehalf check tries honest answers)"
        )
    return [f"Competence: {'; '.join(parts)}."]


def unable_warning(summary: Summary) -> list[str]:
    """The algorithms that fail also where the inputs were told apart, for the headline."""
    known = competence(summary)
    found = [one for one in known if one.unable]
    if not found:
        return []
    one = len(found) == 1
    counts = (f"{label} ({_share(entry)})" for label, entry in zip(_labels(found, known), found, strict=True))
    return [
        f"Not competent: also where every trial told the inputs apart, {listing(counts, 6)} "
        f"{'was' if one else 'were'} right on the worst input in at most half of the trials, so that "
        f"{'its failures are its own' if one else 'their failures are their own'} and say nothing about the bound."
    ]


def untried(summary: Summary) -> list[str]:
    """Where of no algorithm it is shown that it can find a right answer: that this is so, for the headline."""
    known = competence(summary)
    if not known or any(found.best is not None for found in known):
        return []
    return [
        "Nothing here shows whether right answers could be expected of "
        f"{listing(_labels(known, known), 6)}, as there is no cell in which every trial told the inputs apart "
        "(onehalf check tries honest answers)."
    ]


def _share(found: Competence) -> str:
    if found.best is None:
        return "no trial"
    return f"{number(found.best['smallest']['successes'])} of {plural(found.best['recorded'], 'trial')}"


def _labels(found: Sequence[Competence], known: Sequence[Competence]) -> list[str]:
    """The names of algorithms, with their family where one name is known of two."""
    names = [entry.algorithm for entry in known]
    return [
        f"{entry.algorithm} on {entry.family}" if names.count(entry.algorithm) > 1 else entry.algorithm
        for entry in found
    ]
