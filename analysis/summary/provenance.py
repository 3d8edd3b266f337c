"""Where a report's numbers come from: its size, the commands that make it again, and the facts recorded with it."""

from collections.abc import Mapping
from typing import Any

from analysis.summary.schema import CellEntry, Summary
from analysis.wording import number, plural, shell_word

_LAUNCHED = ("cli.py", "__main__.py")
"""How the program is called where it was run as a Python module."""


def size(summary: Summary) -> str:
    """How many cells and trials there are, and whether that is a reduced number."""
    totals, rules = summary["totals"], [cell["sequential"] for cell in summary["cells"] if cell["sequential"]]
    counts = sorted(
        cell["sequential"]["cap"] if cell["sequential"] else cell["planned"] for cell in summary["cells"]
    )
    if not counts:
        return ""
    each = number(counts[0]) if counts[0] == counts[-1] else f"{number(counts[0])} to {number(counts[-1])}"
    cells = plural(totals["cells"], "cell")
    most, trials = "at most " if rules else "", "trial" if counts[-1] == 1 else "trials"
    sentence = f"Planned: {cells} with {most}{each} {trials} each, {number(sum(counts))} in all"
    early = sum(bool(rule["stopped"]) for rule in rules)
    if early:
        sentence += f"; run: {number(totals['recorded'])}, as a rule stopped {plural(early, 'cell')} early"
    sentence += "."
    if "--quick" not in _command(summary):
        return sentence
    return (
        f"{sentence} This is a reduced run (--quick), with fewer trials in each cell than the full one: its intervals "
        "are wide."
    )


def _command(summary: Summary) -> list[str]:
    """The command of the run, as a shell takes it; empty where none, or more than one, is recorded."""
    command = summary["provenance"].get("command")
    if not isinstance(command, list) or not command:
        return []
    first, *rest = map(str, command)
    return ["onehalf" if first in _LAUNCHED else first, *rest]


def provenance(summary: Summary) -> Mapping[str, Any]:
    """The commands that run the experiment, or one trial, again, and the facts that were recorded with it."""
    directory = summary["experiment"].get("directory") or "DIR"
    replay = f"onehalf replay {shell_word(directory)}"
    return {
        "replay": f"{replay} CELL TRIAL",
        "example": f"{replay} {_example(summary)} 0",
        "again": " ".join(map(shell_word, _command(summary))),
        "facts": _facts(summary["provenance"]),
        "schema": summary["schema"],
    }


def _example(summary: Summary) -> int:
    """A cell worth a second look: the first with a bound whose trials all halted with an output; else the first."""
    cells = [cell for cell in summary["cells"] if cell["recorded"]]

    def unremarkable(cell: CellEntry) -> bool:
        halted = all(entry["statuses"]["halted"] == cell["recorded"] for entry in cell["by_input"].values())
        return not (halted and cell["bound"]["applies"])

    return int(min(cells, key=unremarkable)["cell"]) if cells else 0


def _facts(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without the command, which is shown apart, and with each source once."""
    facts = {name: value for name, value in recorded.items() if name != "command"}
    return {
        name: _by_source(value) if name == "sources" and isinstance(value, Mapping) else _inner(value)
        for name, value in facts.items()
    }


def _inner(value: Any) -> Any:
    """The facts of a directory among several that were joined; anything else as it is."""
    if not isinstance(value, Mapping) or "sources" not in value:
        return value
    return {**_facts(value), **({"command": value["command"]} if "command" in value else {})}


def _by_source(sources: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Algorithms that come of the same file or files together."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for label, source in sources.items():
        versions = ", ".join(f"{name} {version}" for name, version in source.get("versions", {}).items())
        groups.setdefault((str(source["sha256"]), str(source["origin"]), versions), []).append(str(label))
    return [
        {"sha256": digest, "origin": origin, "algorithms": ", ".join(labels)}
        | ({"with": versions} if versions else {})
        for (digest, origin, versions), labels in groups.items()
    ]
