"""Whatever a program writes on its line, its run ends in an output or in a documented error, and no other way."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

import onehalf as oh
from algorithms.algorithm import Claim
from algorithms.programs.program import Program, ProgramError
from oracle.errors import BudgetExhausted, InvalidOutput, InvalidValue, ProgramDied
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

PROBLEM = oh.AlternatingTraining(hidden=(1,), points=4, exponent=3)
SOUND = b"""{"ask": [0, 1, 4]}
{"read": 4}
{"read_exact": 7}
{"output": {"network": [[[[1, "1/3"]], ["0x1.8p-3"]], [[["1/2^4"]], [0.25]]]}, "claim": true, "ready": false}
"""
TOKENS = (
    *(
        b"null",
        b"[]",
        b"{}",
        b"true",
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-1",
        b"1.5",
        b'"1/0"',
        b'"1*2^99999999"',
    ),
    *(b'"0x1p99999"', b'"\\ud800"', b"\xff", b"\x00", b"\n", b'{"error": "\\u001b[2J"}', b'{"output": 1}\n'),
    *(b"9" * 5000, b"[" * 5000, b'"1/' + b"7" * 5000 + b'"', b'{"ask": [0, 1, 99999999999]}\n'),
)
VALUE = re.compile(rb'\d+|true|false|"[0-9a-zx./^-]+"(?!:)|\[[^\[\]]*\]')
DOCUMENTED = (InvalidOutput, InvalidValue, ProgramError, ProgramDied, BudgetExhausted)


def changed(text: bytes, draw: random.Random) -> bytes:
    """Return a conversation with another value in it, or a byte, a piece left out, doubled or put in."""
    for _ in range(draw.randint(1, 2)):
        values = list(VALUE.finditer(text))
        if values and draw.random() < 0.6:
            value = draw.choice(values)
            text = text[: value.start()] + draw.choice(TOKENS) + text[value.end() :]
            continue
        start = draw.randrange(len(text))
        end = min(len(text), start + draw.choice((1, 1, 2, 8, 40)))
        piece = draw.choice(
            (bytes([draw.randrange(256)]), b"", text[start:end] * 2, *[draw.choice(TOKENS)] * 3)
        )
        text = text[:start] + piece + text[end:] or b"\n"
    return text


def end_of(conversation: bytes, file: Path) -> str:
    """Return how a run ends whose program writes this: a verdict, or the name of a documented error."""
    file.write_bytes(conversation)
    session = Session(Oracle(PROBLEM, PROBLEM.inputs[0], "honest"), Budget(100, 10.0))
    ticket = open_session(session)
    try:
        found = Program((str(shutil.which("cat")), str(file)))(
            Task(PROBLEM.facts, ticket), np.random.default_rng(1)
        )
        output = found.output if isinstance(found, Claim) else found
        return PROBLEM.judge([PROBLEM.check_output(output)])[0][0].kind
    except DOCUMENTED as error:
        return type(error).__name__ if str(error) else "an error without its sentence"
    finally:
        close_session(ticket)


def test_what_a_program_writes_ends_in_a_verdict_or_a_documented_error(
    tmp_path: Path, draws: random.Random, several: Callable[[int, int], int]
) -> None:
    assert end_of(SOUND, tmp_path / "lines") == "rejected"
    ends = Counter(end_of(changed(SOUND, draws), tmp_path / "lines") for _ in range(several(60, 5000)))
    assert ends.keys() >= {"rejected", "InvalidOutput", "IllegalQuestion"}, ends
    assert ends.keys() <= {
        *(
            "accepted",
            "rejected",
            "undecided",
            "InvalidOutput",
            "InvalidClaim",
            "IllegalQuestion",
            "InvalidValue",
        ),
        *("TooPrecise", "ProgramError", "ProgramDied", "BudgetExhausted"),
    }
