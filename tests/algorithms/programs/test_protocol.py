"""The protocol page: its program does what its transcript says, and keeps to the rules."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

import onehalf
from algorithms.programs import line as conversation
from algorithms.programs.program import Program
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

PAGE = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
PROBLEM = onehalf.AlternatingTraining(hidden=(1,), points=4, exponent=3)
PROGRAM = re.findall(r"^```python\n(# guesser.py\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
TRANSCRIPT = re.findall(r"^```transcript\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]


class Heard(conversation.Line):
    """A line to a program that keeps what is said."""

    def __init__(self, command: tuple[str, ...]) -> None:
        super().__init__(command)
        self.said: list[str] = []

    def send(self, message: dict[str, Any]) -> None:
        """Write one message."""
        self.said.append("> " + json.dumps(message, separators=(",", ":")))
        super().send(message)

    def receive(self) -> dict[str, Any]:
        """Return the next message."""
        message = super().receive()
        self.said.append("< " + json.dumps(message))
        return message


def transcript(folder: Path) -> str:
    """Return what is said in one run of the page's program."""
    file = folder / "guesser.py"
    file.write_text(PROGRAM)
    command = (sys.executable, str(file))
    line = Heard(command)
    conversation.leave(line, ready=True)
    session = Session(Oracle(PROBLEM, PROBLEM.inputs[0], "honest"), Budget(100, 10.0))
    ticket = open_session(session)
    found = Program(command)(Task(PROBLEM.facts, ticket), np.random.default_rng(1), bits=4)
    close_session(ticket)
    verdicts = PROBLEM.judge([PROBLEM.check_output(found.output)])[0]
    assert [v.kind for v in verdicts] == ["accepted", "rejected"]
    return "\n".join(line.said) + "\n"


def test_the_transcript_is_what_is_said(tmp_path: Path) -> None:
    assert transcript(tmp_path) == TRANSCRIPT


def test_the_program_keeps_to_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "guesser.py"
    file.write_text(PROGRAM)
    report = onehalf.check({"program": [sys.executable, str(file)], "parameters": {"bits": 53}})
    assert report.passed, str(report)


def test_the_program_guesses_below_and_knows_above_the_barrier(tmp_path: Path) -> None:
    file = tmp_path / "guesser.py"
    file.write_text(PROGRAM)
    program = {"program": [sys.executable, str(file)], "parameters": {"bits": [53, 54]}}
    trials = onehalf.run(onehalf.AlternatingTraining(), [program], trials=12).trials
    guess, know = (trials[trials.cell == cell] for cell in (0, 1))
    assert sum(guess.verdict_1 == "accepted") + sum(guess.verdict_2 == "accepted") == 12
    assert set(know.verdict_1) == set(know.verdict_2) == {"accepted"}
