"""The section about an attack: what was studied, what was then fixed, and what was found."""

from collections.abc import Mapping
from typing import Any

from analysis.wording import iota

_HEADINGS = ("e", "ι⁰", "oracle", "trials", "excepted", "digits read", "right on", "not halted", "failed")


def attack_section(summary: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the template ``attack.html`` shows; None unless the summary is of an attack."""
    found = summary.get("attack")
    if found is None:
        return None
    looks = [f"{look:,}" for look in found["looks"]]
    return {
        "looks": " or ".join([", ".join(looks[:-1]), looks[-1]]) if len(looks) > 1 else looks[0],
        "reasons": found["reasons"],
        "headings": _HEADINGS,
        "rows": [_row(seen) for seen in found["study"]],
        "sha256": found["sha256"],
    }


def _row(seen: Mapping[str, Any]) -> list[str]:
    least, median, most = seen["depth"]
    right = ", ".join(f"{iota(name)} {count}" for name, count in seen["successes"].items())
    return [
        f"{seen['closeness']}",
        "member" if seen["limit"] else "–",
        seen["oracle"],
        f"{seen['trials']}",
        f"{seen['excess']}",
        f"{least}–{most}, median {median}" if least < most else f"{least}",
        right,
        f"{seen['stuck']}",
        f"{seen['failed']}",
    ]
