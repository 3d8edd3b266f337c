"""`onehalf verify`."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import Any

from onehalf.adversary.rerun import algorithm_of, rerun
from onehalf.cli import DONE, VIOLATION
from onehalf.proof.coq import check_natively
from onehalf.verify_standalone import Refused, verify
from oracle.errors import InvalidValue

_RERUN = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf verify results/attack-coin-flip/certificate.json\n"
        "  onehalf verify certificate.json --algorithm my_trainer.py --rerun 20\n"
        "Exit status: 0 verified, 1 refused or a trial run again differs, 2 the file cannot be read.\n"
        "The verifier is one file that needs no other code: python onehalf/verify_standalone.py CERTIFICATE"
    )
    parser.add_argument("certificate", type=Path, metavar="CERTIFICATE", help="a certificate.json")
    parser.add_argument(
        "--algorithm",
        default=None,
        metavar="FILE",
        help="the algorithm's file, unless it ships or is installed",
    )
    parser.add_argument(
        "--rerun",
        type=int,
        metavar="N",
        help="trials to run again (default: 3 if the algorithm is at hand; if it is not, an N is refused)",
    )
    parser.add_argument(
        "--native", action="store_true", help="ask the proved checker as well, if make native has built it"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        # What is no text has no JSON in it either, or another character: the verifier says so.
        text = options.certificate.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise _unread(options.certificate) from error
    outcome: dict[str, object] = {"verified": False, "rerun": [], "different": []}
    try:
        document = verify(text)
        outcome |= {"verified": True, "statement": document["statement"], "sha256": document["sha256"]}
        told = f"verified: {document['statement']}"
    except Refused as refusal:
        outcome["reason"] = str(refusal)
        told = f"refused: {refusal}"
    else:
        if options.native:
            told += f"\nthe proved checker: {_natively(document, outcome)}"
        if options.rerun != 0:
            told += "\n" + _again(document, options, outcome)
    print(json.dumps(outcome, indent=1, ensure_ascii=False) if options.json else told)
    agreed = outcome["verified"] and not outcome["different"] and outcome.get("native") != "refused"
    return DONE if agreed else VIOLATION


def _natively(document: dict[str, Any], outcome: dict[str, object]) -> str:
    """Ask the proved checker, and say what it answers."""
    outcome["native"] = check_natively(document)
    remedies = {
        "not built": "not built: run make native",
        "not covered": "not covered: proofs/ has no statement for this problem",
        "refused": "REFUSED, though the standalone verifier accepts: one of them is wrong",
    }
    return remedies.get(str(outcome["native"]), str(outcome["native"]))


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
    words += [] if options.rerun is None else ["--rerun", str(options.rerun)]
    return f"say where its file, or exec:program, is: {shlex.join(words)}"


def _again(document: dict[str, Any], options: argparse.Namespace, outcome: dict[str, object]) -> str:
    """Run trials again if the algorithm is at hand, and say what came of it."""
    try:
        spec = algorithm_of(document, options.algorithm, _remedy(document, options))
    except InvalidValue as error:
        if options.algorithm is not None or options.rerun is not None:
            raise
        return f"consistent, but no trial was run again: {error}"
    found = rerun(document, spec, _RERUN if options.rerun is None else options.rerun)
    outcome |= {"rerun": list(found.trials), "different": list(found.different)}
    if found.different:
        return (
            f"run again, {len(found.different)} of {len(found.trials)} trials DIFFER: {list(found.different)}"
        )
    return f"run again, {len(found.trials)} trials give the recorded statuses and outputs"
