"""What the numbers of Netlib's programs determine: ``python -m benchmarks.netlib DIR`` prints the table of audit.md.

DIR holds .mps files, such as those of Netlib's collection of linear programs, which are not part of this tree.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import onehalf as oh
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, AuditDecision, Finding

_BITS = (20, 30, 40, 52)


def line(path: Path) -> str:
    """Return a file's row: for each reading how many columns are certified and impossible, from which digits."""
    started = time.monotonic()
    audit = oh.audit(path, bits=list(_BITS), decimals=True)
    cells = [_cell(finding) for finding in audit.findings]
    seconds = time.monotonic() - started
    size = f"{len(audit.data['rows'])} × {len(audit.data['columns'])}"
    return f"| {path.stem} | {size} | {' | '.join(cells)} | {seconds:.0f} s |"


def _cell(finding: Finding) -> str:
    *columns, objective = finding.answers
    certain = [a.certified for a in columns if a.radius is not None and a.certified is not None]
    barred = [a.impossible for a in columns if a.impossible is not None]
    parts = []
    if any(a.radius is not None for a in columns):
        parts.append(f"{len(columns)} certain" + (f" (≥ {min(certain)})" if certain else ""))
    if barred:
        parts.append(f"{len(barred)} barred (≥ {min(barred)})")
    if objective.radius is not None or objective.impossible is not None:
        low = "–" if objective.certified is None else objective.certified
        parts.append(f"objective {low}/{'–' if objective.impossible is None else objective.impossible}")
    parts += [f"not even {d.question}" for d in finding.decisions if d.verdict == IMPOSSIBLE]
    parts += ["certainly infeasible" for d in finding.decisions if d.verdict == CERTIFIED and _none(d)]
    return "; ".join(parts) or "–"


def _none(decision: AuditDecision) -> bool:
    return decision.question == "feasible" and decision.words.startswith("no program")


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    titles = [*(f"2^-{n}" for n in _BITS), "as written"]
    print(f"| program | rows × columns | {' | '.join(titles)} | seconds |")
    print("|---" * (len(titles) + 3) + "|")
    for path in sorted(Path(arguments[0]).glob("*.mps")):
        print(line(path), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
