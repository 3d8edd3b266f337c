"""The table of a campaign, by part of the spine, and the mutants that no test could notice, each with its reason."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.campaign import Fate
from tests.mutation.spine import SPINE, part_of

_LISTED = Path(__file__).with_name("equivalent.toml")


def equivalent() -> dict[tuple[str, str], str]:
    """Return why a mutant, named by its file and its changed line, computes the same."""
    return {
        (entry["file"], entry["change"]): entry["why"]
        for entry in tomllib.loads(_LISTED.read_text(encoding="utf-8"))["mutant"]
    }


def outcome(fate: Fate) -> str:
    """Return killed, survived, unseen or equivalent."""
    if fate.outcome != "killed" and (fate.mutant.path, fate.key) in equivalent():
        return "equivalent"
    return fate.outcome


def table(fates: Sequence[Fate]) -> str:
    """Return the table as Markdown: a row for each part, with the share killed of those that are not equivalent."""
    rows = [
        "| part | mutants | killed | survived | seen by no test | equivalent | killed of the others | aim |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for part in SPINE:
        ends = [outcome(fate) for fate in fates if part_of(fate.mutant.path) == part]
        counts = [ends.count(end) for end in ("killed", "survived", "unseen", "equivalent")]
        others = len(ends) - counts[-1]
        share = f"{100 * counts[0] // others}%" if others else "none drawn"
        rows.append(
            f"| {part.name} | {len(ends)} | {' | '.join(map(str, counts))} | {share} | {part.aim:.0%} |"
        )
    return "\n".join(rows)


def survivors(fates: Sequence[Fate]) -> str:
    """Return a line for each mutant that no test noticed and that is not listed as equivalent."""
    return "\n".join(
        f"{fate.mutant.path}:{fate.mutant.line}: {fate.key} "
        f"({outcome(fate)}, {fate.tests} tests, {fate.left_out} left out)"
        for fate in fates
        if outcome(fate) in ("survived", "unseen")
    )
