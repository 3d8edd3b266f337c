"""A certificate as numbers: the form in which the proved checker of proofs/ reads one.

Only data pass through here, and only the standard library is used: no verdict is made and nothing is believed. The
text of a certificate (JSON, SHA-256, base64) and its plan are the standalone verifier's business.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import lcm
from typing import Any

_POLICIES = ("honest", "blind", "decoy", "mirage", "midpoint")
_COSTS = ("max", "mean-absolute", "mean-squared", "cross-entropy")
_STATUSES = ("halted", "no_halt", "error", "crashed", "invalid")
_LIMB, _SMALL = 60, 61
_MILLION = 10**6
REGISTERED = "onehalf registered problem"
_KINDS = ("lp", "basis-pursuit", "regression", "sqrt-lasso")
_NORMS = ("max", "euclidean")
_REGISTERED_TAG = 3  # where a certificate's family stands


class NotCovered(ValueError):
    """The checker has no statement for what a certificate is about."""


class Misshapen(ValueError):
    """A certificate has no place in the checker's form for what it says."""


def numbers_of(certificate: dict[str, Any]) -> list[int]:
    """Return a certificate, or a registered problem, as the list of integers that the proved checker reads.

    Parameters
    ----------
    certificate : dict
        The parsed JSON text. That of a registered problem says so as its format.

    Raises
    ------
    NotCovered
        For an irrational a, a user's cost, variable dimensions, or a family without a theorem in proofs/.
    Misshapen
        If an entry is missing or of another kind.
    """
    try:
        if certificate.get("format") == REGISTERED:
            return [_REGISTERED_TAG, *_registered(certificate)]
        body = json.loads(zlib.decompress(base64.b64decode(certificate["body"], validate=True)))
        return list(_certificate(certificate, body))
    except (NotCovered, Misshapen):
        raise
    except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError, zlib.error) as error:
        raise Misshapen(f"an entry is missing, or not of the kind that it should be: {error}") from error


def words_of(numbers: Iterable[int]) -> list[int]:
    """Return the words below 2^63 that `unpack` in `Decode.v` takes apart: 2n for a small n, else sign and limbs."""
    words: list[int] = []
    for n in numbers:
        if 0 <= n < 1 << _SMALL:
            words.append(2 * n)
            continue
        limbs, rest = [], abs(n)
        while rest:
            limbs.append(rest & ((1 << _LIMB) - 1))
            rest >>= _LIMB
        words += [4 * len(limbs) + (3 if n < 0 else 1), *limbs]
    return words


def coq_of(numbers: Sequence[int], sha256: str, *, chunk: int = 512) -> str:
    """Return a file for the kernel: the words of a certificate, and the theorem that its facts hold.

    Parameters
    ----------
    numbers : sequence of int
        From `numbers_of`.
    sha256 : str
        Of the document, for a reader.
    """
    registered = numbers[:1] == [_REGISTERED_TAG]
    files, read, facts, sound = (
        (
            "Registered Decode DecodeRegistered",
            "read_registered",
            "registered_facts",
            "kernel_registered_sound",
        )
        if registered
        else ("Certificate Decode", "read", "facts", "kernel_sound")
    )
    words = words_of(numbers[1:] if registered else numbers)
    parts = [words[i : i + chunk] for i in range(0, len(words), chunk)]
    lines = [
        "(* A certificate, written by machine. Accepted by the kernel if this file compiles. *)",
        f"(* SHA-256 of the certificate: {sha256} *)",
        "From Coq Require Import List Uint63.",
        f"From OneHalf Require Import {files} Instances.",
        "Import ListNotations.",
        "Open Scope uint63_scope.",
        *(f"Definition part{i} : list int := {_listed(part)}." for i, part in enumerate(parts)),
        f"Definition words : list (list int) := [{'; '.join(f'part{i}' for i in range(len(parts)))}].",
        f"(** What was read has all the facts of {files.split()[0]}.v. *)",
        f"Theorem verified : exists c, {read} words = Some c /\\ {facts} c.",
        f"Proof. apply {sound}. vm_cast_no_check (eq_refl true). Qed.",
    ]
    return "\n".join(lines) + "\n"


def _listed(words: Sequence[int], row: int = 16) -> str:
    """Return a list of words as Coq reads it fastest: `row` of Decode.v, and what is left over."""
    whole = len(words) - len(words) % row
    rows = [" ".join(map(str, words[i : i + row])) for i in range(0, whole, row)]
    return (
        "".join(f"row {line} (" for line in rows)
        + f"[{'; '.join(map(str, words[whole:]))}]"
        + ")" * len(rows)
    )


def _registered(document: dict[str, Any]) -> Iterator[int]:
    """Yield all numbers of a registered problem, in the order of `a_registered` in `DecodeRegistered.v`."""
    if document["kind"] not in _KINDS or document["norm"] not in _NORMS:
        raise NotCovered(f"{document['kind']} in the norm {document['norm']} has no statement in proofs/")
    yield _KINDS.index(document["kind"])
    yield from _many(document["inputs"], _proved)
    yield from (_NORMS.index(document["norm"]), *_rational(document["radius"]), *_one(document["depth"]))
    yield from _many(document["shown"], _shown)
    yield from _many(document["apart"], lambda members: _many(members, _weighted))
    yield from _many(document["weights"], _rational)
    yield from _rational(document["value"])


def _proved(entry: dict[str, Any]) -> Iterator[int]:
    yield from _many(entry["costs"], _rational)
    yield from _many(entry["rows"], lambda row: _many(row, _rational))
    yield from _many(entry["right"], _rational)
    yield from (*_rational(entry["penalty"]), *_rational(entry["ridge"]))
    yield from _many(entry["solution"], _rational)
    yield from _many(entry["dual"], _rational)
    yield from _many(entry["inverse"], lambda row: _many(row, _rational))


def _shown(line: list[Any]) -> Iterator[int]:
    row, column, numerator, digits = line
    yield from (*_one(row), *_one(column), int(numerator), *_one(digits))


def _weighted(member: list[Any]) -> Iterator[int]:
    yield from (*_one(member[0]), *_rational(member[1]))


def _number(text: str) -> Fraction:
    """Read numerator/denominator in hexadecimal digits, or a hexadecimal float."""
    p, slash, q = text.partition("/")
    return Fraction(int(p, 16), int(q, 16)) if slash else Fraction(float.fromhex(text))


def _rational(value: object) -> Iterator[int]:
    exact = Fraction(str(value))
    yield from (exact.numerator, exact.denominator)


def _many(items: Iterable[Any], write: Callable[[Any], Iterable[int]]) -> Iterator[int]:
    entries = list(items)
    yield len(entries)
    for item in entries:
        yield from write(item)


def _one(value: Any) -> Iterator[int]:
    if not isinstance(value, int):
        raise Misshapen(f"{value!r} is no whole number")
    yield int(value)


def _family(family: str, p: dict[str, Any]) -> Iterator[int]:
    if family == "training":
        if p["cost"] not in _COSTS:
            raise NotCovered("a user's own cost has no statement in proofs/")
        if p["free"]:
            raise NotCovered("with variable dimensions no theorem bounds anything")
        yield 0
        for name in ("a", "kappa", "tolerance"):
            try:
                yield from _rational(p[name])
            except ValueError as error:
                raise NotCovered(f"{name} = {p[name]} is not rational") from error
        yield from _one(p["dimension"])
        yield from _many(p["hidden"], _one)
        yield from _one(p["points"])
        yield _COSTS.index(p["cost"])
    elif family == "linear-program":
        yield from (1, *_rational(p["y"]), *_one(p["digits"]))
    elif family == "simplex":
        yield from (2, *_one(p["answers"]), *_rational(p["tolerance"]))
    else:
        raise NotCovered(f"the family {family} has no statement in proofs/")


def _certificate(c: dict[str, Any], body: dict[str, Any]) -> Iterator[int]:
    """Yield all numbers, in the order of `a_certificate` in `Decode.v`."""
    family, p = c["problem"]["family"], c["problem"]["parameters"]
    limit = bool(p.get("limit", False))
    names = [str(j + 1) for j in range(p["answers"] if family == "simplex" else 2)] + ["0"] * limit
    if c["inputs"] != names:
        raise Misshapen(f"the inputs are {c['inputs']}, not {names}")
    yield from _family(family, p)
    yield from (*_one(p["exponent"]), int(limit), _POLICIES.index(c["oracle"]))
    yield from (*_one(c["coupling_depth"]), *_one(c["budget"]["digits"]))
    rows, columns = {
        "training": (p.get("points"), p.get("dimension")),
        "linear-program": (1, 2),
        "simplex": (1, p.get("answers")),
    }[family]
    answers = sorted(body["answers"], key=lambda line: tuple(line[:3]))
    yield from _many(answers, _answer)
    place = {tuple(line[:3]): i for i, line in enumerate(answers)}
    whole = [(i, j) for i in range(rows) for j in range(columns)]
    digits = c["budget"]["digits"]
    yield from _many(body["questions"], lambda group: _group(group, whole, place, digits))
    yield from _many(body["outputs"], _network if family == "training" else _point)
    yield from _many(_trials(body["runs"], len(names), c["trials"]), _trial)
    yield from _many(names, lambda name: _one(c["counts"][name]["successes"]))
    yield from _many(names, lambda name: _many(_statuses(c["counts"][name]["statuses"]), _one))
    yield from _one(c["bound"]["spent"]["count"])
    yield from (*_rational(1 - Fraction(c["confidence"])), *_rational(c["margin"]))
    yield from _many(names, lambda name: _ends(c["limits"][name]))
    yield from (*_ends(c["bound"]["spent"]["limits"]), names.index(c["target"]), int(c["conclusive"]))
    second = c["certificate"] > 1
    yield int(second)
    yield from _many(
        [name in c["plan"]["open"] if second else False for name in names], lambda met: (int(met),)
    )
    yield from _many(names, lambda name: _one(c["counts"][name].get("open", 0)))
    yield from _one(c["bound"]["spent"].get("hidden", 0))


def _answer(line: list[Any]) -> Iterator[int]:
    row, column, bits, *shown = line
    for n in (row, column, bits):
        yield from _one(n)
    yield from _many(shown, lambda answer: (int(answer[0], 16), *_one(answer[1])))


def _group(
    group: list[list[int]], whole: list[tuple[int, int]], place: dict[tuple[Any, ...], int], digits: int
) -> Iterator[int]:
    """Yield the places among the answers of a group's questions, then what was refused; row −1 is the whole table."""
    asked = [(i, j, bits) for row, column, bits in group for i, j in (whole if row < 0 else [(row, column)])]
    answered = [question for question in asked if question[2] <= digits]
    yield from _many(answered, lambda question: _one(place.get(question, len(place))))  # no place: refused
    yield from _many([question for question in asked if question[2] > digits], _three)


def _three(question: tuple[int, int, int]) -> Iterator[int]:
    for n in question:
        yield from _one(n)


def _network(output: dict[str, Any]) -> Iterator[int]:
    """Yield the layers, each over one denominator, and the output neuron."""
    shapes = list(pairwise(output["architecture"]))
    if sum((inner + 1) * outer for inner, outer in shapes) != len(output["weights"]) or shapes[-1][1] != 1:
        raise Misshapen("a network's weights do not fit its architecture")
    weights = iter([_number(text) for text in output["weights"]])
    layers = []
    for inner, outer in shapes:
        rows = [[next(weights) for _ in range(inner)] for _ in range(outer)]
        biases = [next(weights) for _ in range(outer)]
        common = lcm(*(x.denominator for row in rows for x in row), *(x.denominator for x in biases))
        scaled = [
            ([int(x * common) for x in row], int(b * common)) for row, b in zip(rows, biases, strict=True)
        ]
        layers.append((common, scaled))
    yield 0
    yield from _many(layers[:-1], lambda layer: (layer[0], *_many(layer[1], _neuron)))
    yield from (layers[-1][0], *_neuron(layers[-1][1][0]))


def _neuron(neuron: tuple[list[int], int]) -> Iterator[int]:
    yield from _many(neuron[0], _one)
    yield neuron[1]


def _point(output: list[str]) -> Iterator[int]:
    yield 1
    yield from _many(output, lambda text: _rational(_number(text)))


def _trials(runs: list[list[Any]], width: int, planned: int) -> list[tuple[bool, list[list[Any]]]]:
    """Return the runs of each trial in order, and whether one served all inputs."""
    trials = [
        (bool(group[0][2]), group) for group in (list(g) for _, g in groupby(runs, key=lambda run: run[0]))
    ]
    for number, (shared, group) in enumerate(trials):
        fits = len(group) == (1 if shared else width)
        fits = fits and [run[:3] for run in group] == [[number, i, int(shared)] for i in range(len(group))]
        if not fits:
            raise Misshapen(f"trial {number} is out of order")
    if len(trials) != planned:
        raise Misshapen("trials are missing")
    return trials


def _trial(trial: tuple[bool, list[list[Any]]]) -> Iterator[int]:
    shared, runs = trial
    yield 0 if shared else 1
    yield from _run(runs[0]) if shared else _many(runs, _run)


def _run(run: list[Any]) -> Iterator[int]:
    _, _, _, status, asked, output, verdicts = run
    if status == "abstained":
        raise NotCovered("an algorithm that abstains has no statement in proofs/")
    yield from (*_one(asked), *_one(output), _STATUSES.index(status))
    yield from _many(verdicts, _one)


def _statuses(counts: dict[str, int]) -> list[int]:
    if "abstained" in counts:
        raise NotCovered("an algorithm that abstains has no statement in proofs/")
    if not set(counts) <= set(_STATUSES):
        raise Misshapen(f"{sorted(set(counts) - set(_STATUSES))} are no statuses")
    return [counts.get(status, 0) for status in _STATUSES]


def _ends(ends: list[str]) -> Iterator[int]:
    """Yield the ends in millionths."""
    for end in ends:
        scaled = Fraction(end) * _MILLION
        if scaled.denominator != 1:
            raise Misshapen(f"{end} is no number of millionths")
        yield scaled.numerator
