"""`onehalf verify`."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from onehalf.adversary.rerun import NotAtHand, algorithm_of, family_of, late, rerun
from onehalf.cli import DONE, NOT_RERUN, VIOLATION
from onehalf.proof.coq import check_natively
from onehalf.proof.native import check_stated_natively
from onehalf.verify_audit import RefusedAudit, verify_audit
from onehalf.verify_instances import Unproved, stated, verify_bound
from onehalf.verify_standalone import LARGEST, STATED, Refused, told, verify
from oracle.errors import InvalidValue

_RERUN = 3
_AUDIT = '{"audit"'
_BOUND = '{"bound"'
_NATIVE = {
    "not built": "not built: run make native",
    "not covered": "not covered: proofs/ has no statement for this problem",
    "refused": "REFUSED, though the standalone verifier accepts: one of them is wrong",
}
_UNCHECKED = "that this algorithm made these outputs from these coins, and that no trials were left out"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf verify results/attack-coin-flip/certificate.json\n"
        "  onehalf verify results/audit-model.mps/audit.json\n"
        "  onehalf verify certificate.json --algorithm my_trainer.py --rerun all\n"
        "Exit status: 0 verified, and trials run again agree (or --rerun 0 was asked for); 1 refused, or a trial run\n"
        "again differs; 2 the file cannot be read; 6 consistent, but the algorithm is not at hand to be run again.\n"
        "The verifier is one file that needs no other code: python onehalf/verify_standalone.py CERTIFICATE;\n"
        "that of audits is python onehalf/verify_audit.py AUDIT, and that of bounds on problems stated by instances\n"
        "is python onehalf/verify_instances.py BOUND, beside verify_kinds.py; certificates on such need both"
    )
    parser.add_argument(
        "certificate",
        type=Path,
        metavar="CERTIFICATE",
        help="a certificate.json, an audit.json, or a bound.json",
    )
    parser.add_argument(
        "--algorithm",
        default=None,
        metavar="FILE",
        help="the algorithm's file, unless it ships or is installed",
    )
    parser.add_argument(
        "--problem",
        default=None,
        metavar="FILE",
        help="the file of a problem stated by instances, unless it ships or is installed",
    )
    parser.add_argument(
        "--rerun",
        type=_number,
        metavar="N",
        help='trials to run again, or "all" (default: 3 if the algorithm is at hand; if it is not, an N is refused)',
    )
    parser.add_argument(
        "--native", action="store_true", help="ask the proved checker as well, if make native has built it"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def _number(text: str) -> int:
    """Read a number of trials; −1 stands for all of them."""
    if text == "all":
        return -1
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f'{text!r} is no number of trials; write for example 3, or "all"')
    return int(text)


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        with options.certificate.open("rb") as file:
            # What is no text has no JSON in it either, or another character: the verifier says so.
            text = file.read(4 * LARGEST + 1).decode("utf-8", "replace")
    except OSError as error:
        raise _unread(options.certificate) from error
    if text.lstrip()[: len(_AUDIT)] == _AUDIT:
        return _without_trials(text, options, verify_audit)
    if text.lstrip()[: len(_BOUND)] == _BOUND:
        return _without_trials(text, options, partial(_bound, native=options.native))
    outcome: dict[str, Any] = {"verified": False, "rerun": [], "different": [], "late": "", "unchecked": ""}
    status = VIOLATION
    try:
        document = verify(text)
        lines, status = _again(document, options, outcome)
        if options.native:
            lines.append(f"the proved checker: {_natively(document, outcome)}")
            status = VIOLATION if outcome["native"] == "refused" else status
        outcome |= {"verified": True, "statement": told(document), "sha256": document["sha256"]}
    except Refused as refusal:
        outcome["reason"] = str(refusal)
        lines = [f"refused: {refusal}"]
    print(json.dumps(outcome, indent=1, ensure_ascii=False) if options.json else "\n".join(lines))
    return status


def _without_trials(text: str, options: argparse.Namespace, check: Callable[[str], list[str]]) -> int:
    """Check what holds no trials: an audit, or the bound on a problem."""
    outcome: dict[str, Any] = {"verified": False}
    try:
        lines = check(text)
        outcome |= {"verified": True, "statements": lines}
        lines = [f"verified: {line}" for line in lines]
    except (RefusedAudit, Unproved) as refusal:
        outcome["reason"] = str(refusal)
        lines = [f"refused: {refusal}"]
    print(json.dumps(outcome, indent=1, ensure_ascii=False) if options.json else "\n".join(lines))
    return DONE if outcome["verified"] else VIOLATION


def _bound(text: str, native: bool) -> list[str]:
    """Check a bound on a problem, by the proved checker as well if that is asked for."""
    lines = [verify_bound(text)]
    if native:
        written = json.loads(text)["stated"]
        for policy, depth in stated(written).depths.items():
            said = check_stated_natively(written, policy, depth)
            if said == "refused":
                raise Unproved(f"the proved checker, asked of the {policy} oracle: {_NATIVE[said]}")
            lines.append(f"the {policy} oracle, by the proved checker: {_NATIVE.get(said, said)}")
    return lines


def _natively(document: dict[str, Any], outcome: dict[str, Any]) -> str:
    """Ask the proved checker, and say what it answers."""
    if STATED not in document:
        outcome["native"] = check_natively(document)
        return _NATIVE.get(str(outcome["native"]), str(outcome["native"]))
    outcome["native"] = check_stated_natively(
        document[STATED], document["oracle"], document["coupling_depth"]
    )
    alone = " as the bound on these instances; it was not asked of the trials"
    return _NATIVE.get(str(outcome["native"]), f"{outcome['native']}{alone}")


def _unread(path: Path) -> InvalidValue:
    """Return what is to be said of a file that cannot be read."""
    if path.is_dir():
        return InvalidValue("certificate", str(path), "is a directory", "name the certificate.json in it")
    rule = "may not be read" if path.exists() else "does not exist"
    return InvalidValue("certificate", str(path), rule, "check the path and its permissions")


def _remedy(document: dict[str, Any], options: argparse.Namespace) -> str:
    """Return the command that names the algorithm's place, too."""
    origin, name = document["algorithm"]["origin"], document["algorithm"]["name"]
    words = ["onehalf", "verify", str(options.certificate)]
    words += ["--algorithm", origin if origin.endswith(".py") and origin != name else "FILE"]
    words += [] if options.rerun is None else ["--rerun", "all" if options.rerun < 0 else str(options.rerun)]
    return f"say where its file, or exec:program, is: {shlex.join(words)}"


def _again(
    document: dict[str, Any], options: argparse.Namespace, outcome: dict[str, Any]
) -> tuple[list[str], int]:
    """Run trials again if the algorithm is at hand; return what is to be said, and the exit status.

    Raises
    ------
    Refused
        If it is said to ship, and what ships is another.
    """
    statement = told(document)
    if options.rerun == 0:
        outcome["unchecked"] = _UNCHECKED
        return [
            f"not checked, as no trial was to be run again: {_UNCHECKED}",
            f"consistent: {statement}",
        ], DONE
    try:
        spec = algorithm_of(document, options.algorithm, _remedy(document, options))
        problem = family_of(document, options.problem)
    except NotAtHand as error:
        if options.algorithm is not None or options.problem is not None or options.rerun is not None:
            raise
        outcome["unchecked"] = _UNCHECKED
        return [f"not checked: {_UNCHECKED}; {error}", f"consistent: {statement}"], NOT_RERUN
    wished = _RERUN if options.rerun is None else options.rerun
    found = rerun(document, spec, None if wished < 0 else wished, problem)
    outcome |= {"rerun": list(found.trials), "different": list(found.different)}
    lines = [f"verified: {statement}"]
    number = f"all {len(found.trials)}" if len(found.trials) == document["trials"] else f"{len(found.trials)}"
    if found.different:
        some = ", ".join(map(str, found.different[:20])) + (", …" if len(found.different) > 20 else "")
        differ = f"run again, {len(found.different)} of {number} trials DIFFER: {some}"
        return [f"refused: {differ}", f"consistent in itself: {statement}"], VIOLATION
    halts = late(document, spec, problem)
    if halts:
        outcome["late"] = halts
        return [
            f"refused: what met the budget on ι⁰ does not count as open, but may be right: {halts}",
            f"consistent in itself: {statement}",
        ], VIOLATION
    lines.append(f"run again, {number} trials give the recorded statuses, outputs and questions")
    return lines, DONE
