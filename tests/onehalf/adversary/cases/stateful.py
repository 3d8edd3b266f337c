"""Depend on what no output may depend on."""

import json
import time
from pathlib import Path

import onehalf as oh

KEPT = {}
FILE = Path("state-of-learner")


def learn(task, known):
    """Return what is known already, or read until it is known."""
    if "e" in known:
        bits = known["e"] + 2
        seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
        return task.witness(seen or oh.Input("0", None)), known["e"]
    bits = 1
    while (seen := task.recognise([task.ask(*place, bits) for place in task.probe], bits)) is None:
        bits *= 2
    return task.witness(seen), seen.exponent


@oh.algorithm("learner", families=["training"])
def learner(task, rng):
    """Keep e in a file, so that a limit problem is none."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    answer, e = learn(task, known)
    FILE.write_text(json.dumps({"e": e}))
    return answer


@oh.algorithm("learner-global", families=["training"])
def learner_global(task, rng):
    """Keep e in a global."""
    answer, KEPT["e"] = learn(task, KEPT)
    return answer


@oh.algorithm("clock-reader")
def clock_reader(task, rng):
    """Answer by the day."""
    return task.witness(oh.Input("1", int(time.time() // 20_000) % 60 + 1))


@oh.algorithm("counter")
def counter(task, rng):
    """Answer by the number of runs."""
    KEPT["runs"] = KEPT.get("runs", 0) + 1
    return task.witness(oh.Input("1", KEPT["runs"]))
