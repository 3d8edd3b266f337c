"""For each sentence of findings and headline a checker that makes its claim again from the trials themselves.

A checker is a function of what a sentence says that is true where the sentence is; `forms` has their forms.
"""

import re
from collections.abc import Callable
from typing import Any

from tests.analysis.prose.cell_checkers import count, share, values
from tests.analysis.prose.store import Raw

Check = Callable[[Raw, Any], bool]


def series(raw: Raw) -> list[list[int]]:
    lines: dict[Any, list[int]] = {}
    for at in raw.numbers:
        if raw.trials[at]:
            lines.setdefault(raw.line(at), []).append(at)
    return list(lines.values())


def e_of(raw: Raw, at: int) -> int:
    return raw.value(at, "closeness")


def falling(raw: Raw, low: float, high: float) -> list[list[int]]:
    """Series with cells on both sides, in order, with more success than `low` before and at most `high` after."""
    found = []
    for line in series(raw):
        before = [at for at in line if raw.apart(at)]
        after = [at for at in line if raw.alike(at)]
        if not before or not after or any(raw.cells[at]["limit"] for at in line):
            continue
        ordered = max(e_of(raw, at) for at in before) < min(e_of(raw, at) for at in after)
        if ordered and min(map(raw.rate, before)) >= low and max(map(raw.rate, after)) <= high:
            found.append(line)
    return found


def fall(raw: Raw, m: Any) -> bool:
    low, high = share(m["low"]), share(m["high"])
    lines = falling(raw, low - 1e-12, high + 1e-12)
    before = [at for line in lines for at in line if raw.apart(at)]
    after = [at for line in lines for at in line if raw.alike(at)]
    names = {raw.cells[line[0]]["algorithm_name"] for line in lines}
    return (
        low > high
        and len(lines) >= count(m["series"])
        and len(names) >= count(m["algorithms"])
        and values(m["before"]) <= {e_of(raw, at) for at in before}
        and values(m["after"]) <= {e_of(raw, at) for at in after}
    )


def headline_fall(raw: Raw, m: Any) -> bool:
    low = 1.0 if m["low"] == "all trials" else share(m["low"].split()[2])
    high = 0.0 if m["high"] == "none" else share(m["high"].split()[2])
    lines = falling(raw, low - 1e-12, high + 1e-12)
    if m["before"] is None:
        return low > high and len(lines) >= count(m["series"])
    before, after = values(m["before"]), values(m["after"])
    # At these values the algorithms that fall are as the sentence says, without "where every trial told them apart".
    meant = [
        line
        for line in lines
        if all(raw.apart(at) for at in line if e_of(raw, at) in before)
        and all(raw.alike(at) for at in line if e_of(raw, at) in after)
    ]
    names = {raw.cells[line[0]]["algorithm_name"] for line in meant}
    return low > high and max(before) < min(after) and len(names) >= count(m["algorithms"])


def exists(raw: Raw, m: Any) -> bool:
    alike = [at for at in raw.numbers if raw.alike(at) and not raw.cells[at]["limit"] and raw.one_answer(at)]
    answers = sum(raw.one_answer(a) for a in raw.numbers if raw.bounded(a) and not raw.cells[a]["limit"])
    names = {raw.cells[at]["algorithm_name"] for at in alike}
    best = max(raw.rate(at) - 1 / raw.breadth(at) for at in alike)
    told = [
        at
        for at in alike
        if (raw.worst(at), raw.recorded(at)) == (count(m["right"]), count(m["trials"]))
        and raw.rate(at) - 1 / raw.breadth(at) >= best - 1e-12
    ]
    subject = len(names) == count(m["many"]) if m["many"] else {m["one"]} == names
    if "bound" not in m.groupdict():  # then none was right more often
        told = [at for at in told if raw.rate(at) >= max(map(raw.rate, alike)) - 1e-12]
    tested = [at for at in raw.numbers if raw.trials[at] and raw.bounded(at) and not raw.cells[at]["limit"]]
    overlapping = any(raw.breadth(at) != len(raw.cells[at]["exclusive"]) for at in tested)
    two = all(raw.breadth(at) == len(raw.compared(at)) == 2 for at in tested)
    return (
        bool(told)
        and answers == count(m["answers"])
        and subject
        and overlapping == (m["twice"] is None)
        and (two if m["inputs"] == "two" else m["limit"] == "the bound")
        and not any(map(raw.twice, raw.numbers))
    )


def flags(raw: Raw, m: Any) -> bool:
    pairs = [
        claim
        for trials in raw.trials
        for trial in trials
        for claim, verdict in zip(trial["claims"], trial["verdicts"], strict=True)
        if verdict == "rejected" and claim is not None
    ]
    whole = (len(pairs), sum(pairs)) == (count(m["all"]), count(m["false"]))
    return whole and abs(share(m["share"]) - sum(pairs) / len(pairs)) < 0.0006


def tried(raw: Raw) -> dict[str, list[int]]:
    """For each trainer or solver with an output the cells in which every trial told exclusive inputs apart."""
    bounded = {raw.cells[at]["family"] for at in raw.numbers if raw.bounded(at) and raw.trials[at]}
    found: dict[str, list[int]] = {}
    silent: dict[str, bool] = {}
    for at in raw.numbers:
        cell = raw.cells[at]
        if cell["role"] in ("baseline", "control") or cell["family"] not in bounded or not raw.trials[at]:
            continue
        key = f"{cell['algorithm_name']} on {cell['family']}"
        silent[key] = silent.get(key, True) and not raw.outputs(at)
        found.setdefault(key, [])
        if raw.apart(at) and raw.bounded(at) and not cell["limit"]:
            found[key].append(at)
    return {key: cells for key, cells in found.items() if not silent[key]}


def competence(raw: Raw, m: Any) -> bool:
    known = tried(raw)
    able = {key for key, cells in known.items() if any(2 * raw.worst(a) > raw.recorded(a) for a in cells)}
    unable = {key for key, cells in known.items() if cells} - able
    untried = {key for key, cells in known.items() if not cells}

    def agrees(text: str | None, keys: set[str]) -> bool:
        words = [] if text is None else re.split(r", | and ", re.sub(r" \([^)]*\)", "", text))
        return len(words) == len(keys) and all(
            any(key == word or key.startswith(f"{word} on ") for key in keys) for word in words
        )

    return agrees(m["able"], able) and agrees(m["unable"], unable) and agrees(m["untried"], untried)


def unable(raw: Raw, m: Any) -> bool:
    names = {word.split(" (")[0] for word in re.split(r"(?<=\)), | and ", m["names"])}
    known = tried(raw)
    bad = {
        key
        for key, cells in known.items()
        if cells and all(2 * raw.worst(a) <= raw.recorded(a) for a in cells)
    }
    return len(names) == len(bad) and all(
        any(key == name or key.startswith(f"{name} on ") for key in bad) for name in names
    )


def bound(raw: Raw, m: Any) -> bool:
    tested = [at for at in raw.numbers if raw.bounded(at) and raw.trials[at]]
    apart = all(len(raw.cells[at]["exclusive"]) > 1 for at in tested)
    kind = "mutually exclusive inputs" if apart else "inputs of which no answer serves all"
    return m["kind"] == kind and len(tested) == (1 if m["cells"] is None else count(m["cells"]))


def pathwise(raw: Raw, m: Any) -> bool:
    total = sum(raw.one_answer(at) for at in raw.numbers if len(raw.cells[at]["exclusive"]) > 1)
    return total == count(m["runs"]) and not any(map(raw.twice, raw.numbers))


def ceiling(raw: Raw, at: int) -> float:
    """The theorem's bound at the measured share of excepted trials, from docs/theory.md."""
    theorem, k, t = raw.cells[at]["theorem"], float(raw.breadth(at)), raw.excepted(at) / raw.recorded(at)
    if theorem == "2":
        return (1 + t) / 2
    return (k + (k - 1) * t) / (2 * k - 1) if theorem == "3" else (1 + (k - 1) * t) / k


def attained(raw: Raw, m: Any) -> bool:
    coupled = [at for at in raw.numbers if raw.alike(at)]
    told = [
        at
        for at in raw.named(m["where"])
        if raw.alike(at) and (raw.worst(at), raw.recorded(at)) == (count(m["right"]), count(m["trials"]))
    ]
    if not told or (m["cells"] is not None and count(m["cells"]) != len(coupled)):
        return False
    gaps = [raw.rate(at) - ceiling(raw, at) for at in coupled]
    return any(raw.rate(at) - ceiling(raw, at) >= max(gaps) - 1e-12 for at in told)


def contrast(raw: Raw, m: Any) -> bool:
    return all(
        any(
            raw.alike(at)
            and raw.right(at, part["a"].translate(_DOWN)) == count(part["x"])
            and raw.right(at, part["b"].translate(_DOWN)) == count(part["y"])
            and raw.recorded(at) == count(part["n"])
            for at in raw.named(part["where"].strip())
        )
        for part in _CONTRASTS.finditer(m["parts"])
    )


_DOWN = str.maketrans("⁰¹²³", "0123")
_CONTRASTS = re.compile(
    r"(?P<where>[^;]+?) (?:succeeds|is right) on ι(?P<a>.) in (?P<x>[\d,]+)(?:/| of )(?P<n>[\d,]+) trials? and on "
    r"ι(?P<b>.) in (?P<y>[\d,]+)"
)


def controls(raw: Raw, m: Any) -> bool:
    free = [
        at
        for at in raw.numbers
        if raw.unobstructed(at)
        and len(raw.cells[at]["inputs"]) > 1
        and (raw.apart(at) or raw.cells[at]["role"] == "control")
    ]
    heard = [at for at in free if raw.outputs(at)]
    left = 0 if m["left"] is None else count(m["left"])
    return (sum(map(raw.perfect, heard)), len(heard)) == (count(m["good"]), count(m["all"])) and left == len(
        free
    ) - len(heard)


def nothing(raw: Raw, m: Any) -> bool:
    total = sum(len(trial["statuses"]) for trials in raw.trials for trial in trials)
    return not any(map(raw.outputs, raw.numbers)) and total == count(m["outcomes"])


def failures(raw: Raw, m: Any) -> bool:
    left = {at for at in raw.numbers if m["beside"] and _wide(raw, at)}
    every = [
        status
        for at in raw.numbers
        if at not in left
        for trial in raw.trials[at]
        for status in trial["statuses"]
    ]
    ended = ("halted", "abstained") if m["chosen"] else ("halted",)
    told = (len(every), sum(s not in ended for s in every)) == (count(m["all"]), count(m["bad"]))
    return told and bool(left) == bool(m["beside"])


def _wide(raw: Raw, at: int) -> bool:
    """Whether a control's every output is invalid here, and another cell of it is right in every trial."""
    cell = raw.cells[at]
    statuses = {status for trial in raw.trials[at] for status in trial["statuses"]}
    kin = [
        other
        for other in raw.numbers
        if raw.trials[other]
        and all(raw.cells[other][key] == cell[key] for key in ("family", "algorithm", "oracle"))
    ]
    return cell["role"] == "control" and statuses == {"invalid"} and any(map(raw.perfect, kin))


def silent(raw: Raw, m: Any) -> bool:
    cells = [at for at in raw.numbers if raw.cells[at]["algorithm"] == m["name"] and raw.trials[at]]
    return sum(not raw.outputs(at) for at in cells) >= count(m["cells"])


def erring(raw: Raw, m: Any) -> bool:
    """Of whom there are outcomes, and none but errors and crashes, is named; nobody else is."""
    outcomes: dict[str, list[str]] = {}
    for at in raw.numbers:
        for trial in raw.trials[at]:
            outcomes.setdefault(raw.cells[at]["algorithm"], []).extend(trial["statuses"])
    bad = {name for name, every in outcomes.items() if every and set(every) <= {"error", "crashed"}}
    return set(re.split(r", | and ", m["names"])) == bad


def progress(raw: Raw, m: Any) -> bool:
    recorded, planned = sum(map(len, raw.trials)), sum(cell["planned"] for cell in raw.cells)
    return (recorded, planned) == (count(m["recorded"]), count(m["planned"])) and recorded < planned


def free(raw: Raw, m: Any) -> bool:
    cells = [at for at in raw.numbers if raw.unobstructed(at) and raw.outputs(at)]
    return (sum(map(raw.perfect, cells)), len(cells)) == (count(m["good"]), count(m["all"]))


def one_cell(raw: Raw, m: Any) -> bool:
    return any(
        (raw.worst(at), raw.recorded(at)) == (count(m["right"]), count(m["trials"]))
        for at in raw.named(m["where"])
    )


_ENDS = {
    "above": r"(?:(\d+) )?(?:was|were) decided above [^(]+? \((?P<why>[^)]*)\)",
    "below": r"(?:(\d+) )?(?:was|were) decided below [\d./, and]+",
    "width": r"(?:(\d+) )?ended with a narrow enough interval",
    None: r"(?:(\d+) )?ran to the cap",
}


def stopped(raw: Raw, m: Any) -> bool:
    cells = [
        at
        for at in raw.numbers
        if raw.cells[at].get("until") and raw.trials[at] and raw.recorded(at) == raw.cells[at]["planned"]
    ]
    counts = sum(map(raw.recorded, cells)), sum(raw.cells[at]["cap"] for at in cells)
    if counts != (count(m["recorded"]), count(m["cap"])) or len(cells) != count(m["cells"] or "1"):
        return False
    for end, form in _ENDS.items():
        own = [at for at in cells if raw.cells[at]["stopped"] == end]
        found = re.search(form, m["parts"])
        told = 0 if found is None else int(found[1] or 1)
        if told != len(own) or (end == "above" and found is not None and not _let(raw, own, found["why"])):
            return False
    return True


def _let(raw: Raw, cells: list[int], why: str) -> bool:
    """Whether what is said to have let cells be above their bound did: nothing else does, by the theorem."""
    some = [any(not trial["shared"] for trial in raw.trials[at]) for at in cells]
    if why == "inputs told apart":
        return all(map(raw.apart, cells))
    if why == "inputs told apart in all trials or some":
        return all(some)
    free = [told or not raw.bounded(at) for told, at in zip(some, cells, strict=True)]
    return why == "inputs told apart, or one answer for all" and all(free)


def dimensions(raw: Raw, m: Any) -> bool:
    """A control is right in every trial of some cells of a family, and has nothing but invalid outputs in others."""
    kin = [
        at
        for at in raw.numbers
        if raw.cells[at]["algorithm"] == m["name"] and raw.cells[at]["role"] == "control"
    ]
    for family in {raw.cells[at]["family"] for at in kin}:
        own = [at for at in kin if raw.cells[at]["family"] == family and raw.trials[at]]
        right = [at for at in own if raw.perfect(at)]
        statuses = {at: [s for trial in raw.trials[at] for s in trial["statuses"]] for at in own}
        wrong = [at for at in own if set(statuses[at]) == {"invalid"}]
        outputs = sum(len(statuses[at]) for at in wrong)
        if (len(right), len(wrong), outputs) == (count(m["free"]), count(m["fixed"]), count(m["outputs"])):
            return True
    return False


def undecided(raw: Raw, m: Any) -> bool:
    return count(m["n"]) == sum(t["verdicts"].count("undecided") for trials in raw.trials for t in trials)


def no_trial(raw: Raw, m: Any) -> bool:
    planned = sum(cell["planned"] for cell in raw.cells)
    return not any(raw.trials) and planned == count(m["planned"])


def untried(raw: Raw, m: Any) -> bool:
    known = tried(raw)
    names = {key.split(" on ")[0] for key in known}
    told = {word.split(" on ")[0] for word in re.split(r", | and ", m["names"])}
    return not any(known.values()) and told == names
