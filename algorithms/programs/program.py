"""Algorithms that are programs of their own, in any language, speaking JSON lines (docs/protocol.md)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from algorithms.algorithm import Claim
from algorithms.programs import line as conversation
from algorithms.programs.wire import (
    not_a_message,
    read_output,
    shown,
    write_dyadic,
    write_facts,
)
from oracle.errors import IllegalQuestion, InvalidClaim, InvalidValue
from oracle.task import Task

PROTOCOL = 1
_SEEDS = 1 << 53
_INTERPRETER = re.compile(
    r"(python|pypy|node|deno|bun|ruby|perl|lua|php|julia|Rscript|octave|java|bash|sh)[\d.]*"
)


class ProgramError(RuntimeError):
    """An external program said that it cannot go on."""


@dataclass(frozen=True)
class Program:
    """An algorithm ``(task, rng, **parameters)`` that starts a program and answers what it asks.

    The program is started for each run, in the process group of its caller, unless it said at the end of the
    last run that it is ready for another. It is handed the public facts, a seed from `rng` and the parameters.

    Parameters
    ----------
    command : tuple of str
        The program and its arguments (`locate`).
    """

    command: tuple[str, ...]
    hint_of_silence: ClassVar[str] = (
        "; or its lines do not reach us: standard output to a pipe is buffered, so flush it after every line "
        "(docs/protocol.md, Flushing)"
    )
    """What may be the cause, beside long work, where it does not halt."""

    @property
    def name(self) -> str:
        """The file names of program and arguments, without an interpreter and its options in front."""
        words = [Path(word).name if Path(word).is_absolute() else word for word in self.command]
        if _INTERPRETER.fullmatch(words[0]):
            words = list(dropwhile(lambda word: word.startswith("-"), words[1:])) or words
        return " ".join(words)

    def digest(self) -> str:
        """Return the SHA-256 over its words and over the bytes of every file among them."""
        return _digest(self.command)

    def __call__(self, task: Task, rng: np.random.Generator, **parameters: Any) -> Any:
        """Run the program once.

        Raises
        ------
        InvalidOutput
            If it writes a line that is no message, or an output that cannot be read.
        IllegalQuestion, TooPrecise
            If it asks what is no question; that ends the run.
        ProgramError
            If it reports an error.
        ProgramDied
            If it ends before it has answered.
        """
        line = conversation.take(self.command)
        kept = False
        try:
            line.send(
                {
                    "protocol": PROTOCOL,
                    "task": write_facts(task.facts),
                    "seed": int(rng.integers(_SEEDS)),
                    "parameters": parameters,
                }
            )
            while "output" not in (message := line.receive()):
                line.send({"answer": _answer(task, message)})
            output = read_output(message["output"])
            kept = message.get("ready") is True
            if "claim" not in message:
                return output
            if not isinstance(message["claim"], bool):
                raise InvalidClaim(
                    f"claim={shown(message['claim'])}: a claim is true or false; write one, or none"
                )
            return Claim(output, message["claim"])
        finally:
            conversation.leave(line, kept)


def _answer(task: Task, message: dict[str, Any]) -> Any:
    match message:
        case {"ask": [int() as point, int() as coordinate, int() as bits]}:
            return write_dyadic(task.ask(point, coordinate, bits))
        case {"read": bits}:
            return task.read(bits).tolist()
        case {"read_exact": bits}:
            return [[write_dyadic(q) for q in row] for row in task.read_exact(bits)]
        case {"ask": question}:
            raise IllegalQuestion(
                "ask", question, "must be three whole numbers", "write [point, coordinate, bits]"
            )
        case {"error": reason}:
            raise ProgramError(str(reason))
        case _:
            raise not_a_message(shown(message).encode())


def locate(words: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Return a command with every word that names a file in `folder` made an absolute path.

    A program without a slash is looked for on the PATH, as shells do. Links are not followed, for an interpreter
    of a virtual environment is one.

    Raises
    ------
    InvalidValue
        If there is no such program, or it may not be executed.
    """
    if not words:
        raise InvalidValue("program", "", "names no program", "write exec:./program argument")
    bare = "/" not in words[0]
    program = words[0] if bare else os.path.abspath(folder / words[0])
    settled = [program, *(_located(word, folder) for word in words[1:])]
    if shutil.which(settled[0]) is None:
        rule = "is not on the PATH" if bare else "is no executable file"
        raise InvalidValue(
            "program",
            words[0],
            rule,
            "check the path, chmod +x, or name the interpreter: exec:python3 file.py",
        )
    return tuple(settled)


def _located(word: str, folder: Path) -> str:
    return os.path.abspath(folder / word) if word and (folder / word).is_file() else word


def _digest(command: tuple[str, ...]) -> str:
    whole = hashlib.sha256()
    for index, word in enumerate(command):
        place = shutil.which(word) if index == 0 else word
        whole.update((Path(word).name if Path(word).is_absolute() else word).encode() + b"\0")
        if place and Path(place).is_file():
            state = Path(place).stat()
            whole.update(_file_digest(place, state.st_mtime_ns, state.st_size))
    return whole.hexdigest()


@lru_cache(maxsize=64)
def _file_digest(path: str, changed: int, size: int) -> bytes:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
