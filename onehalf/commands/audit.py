"""`onehalf audit`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from onehalf.auditing.audit import audit
from onehalf.auditing.listening import Bar
from onehalf.auditing.report.document import audit_document
from onehalf.auditing.report.page import audit_page
from onehalf.auditing.report.text import audit_text
from onehalf.cli import DONE
from onehalf.record.directory import write_text
from oracle.errors import InvalidValue


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf audit examples/audit/diet.mps --bits 20 30 52\n"
        "  onehalf audit model.mps --decimals --inexact 'COST/*' --exact 'BALANCE/*'\n"
        "  onehalf audit iris.csv --radius 1/2 --train KNeighborsClassifier LogisticRegression\n"
        "  onehalf audit network.onnx --data points.npz --delta 0.01 0.1\n"
        "  onehalf audit table.csv --response weight --decimals\n"
        "  onehalf audit table.csv --response weight --penalty 0.5 --ridge 0.1\n"
        "Names are ROW/COLUMN; RHS and BOUND/COLUMN are names, too; * and ? as in a shell.\n"
        "Of a table they are its features.\n"
        "Writes audit.json (with what proves the verdicts) and report.html. Exit status 0, whatever the verdicts;\n"
        "2 if the file or an option is malformed."
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a linear program (.mps, .lp), a training set (.csv, .npz, .parquet), a network (.onnx, .nnet, .json)",
    )
    parser.add_argument(
        "--bits", type=int, nargs="+", metavar="N", help="numbers that are no integers are correct to 2^-N"
    )
    parser.add_argument(
        "--decimals", action="store_true", help="numbers are correct to half a unit in the last place written"
    )
    parser.add_argument("--relative", action="store_true", help="2^-N of each number's size")
    parser.add_argument(
        "--radius",
        action="append",
        default=[],
        metavar="[NAME=]R",
        help="one radius, or those of entries by name: 0.05, 1/8, 2^-30",
    )
    parser.add_argument(
        "--inexact", action="append", default=[], metavar="NAME", help="inexact although integers"
    )
    parser.add_argument(
        "--exact", action="append", default=[], metavar="NAME", help="exact although no integers"
    )
    parser.add_argument(
        "--label",
        default=None,
        metavar="COLUMN",
        help="of a training set: the labels; of a counterexample: the right class",
    )
    parser.add_argument(
        "--response", default=None, metavar="COLUMN", help="a regression: what is regressed on the rest"
    )
    parser.add_argument(
        "--penalty", default=None, metavar="λ", help="of a regression: LASSO, ½‖Ax − y‖² + λ‖x‖₁"
    )
    parser.add_argument("--ridge", default=None, metavar="μ", help="with a penalty: elastic net, + ½μ‖x‖²")
    parser.add_argument(
        "--drop", nargs="+", default=[], metavar="COLUMN", help="columns that are no features"
    )
    parser.add_argument(
        "--train",
        nargs="*",
        default=None,
        metavar="TRAINER",
        help="classifiers of scikit-learn, or file.py::name, to be judged on the adversarial data sets",
    )
    network = parser.add_argument_group("a trained network")
    network.add_argument(
        "--data",
        default=None,
        metavar="FILE",
        help="points: .npz with X and y (labels), .csv, or a counterexample of VNN-COMP",
    )
    network.add_argument(
        "--delta", nargs="+", default=None, metavar="D", help="sizes of perturbations (default: 0.01)"
    )
    network.add_argument(
        "--direction",
        nargs="+",
        default=[],
        metavar="V",
        help="coordinates from 0, or .npy files (default: every coordinate)",
    )
    network.add_argument(
        "--rule", default=None, metavar="RULE", help="argmax (default), argmin, or threshold"
    )
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: results/audit-FILE")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON, without the proofs")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    found = audit(
        options.file,
        bits=options.bits,
        decimals=options.decimals,
        relative=options.relative,
        radius=_radius(options.radius),
        inexact=options.inexact,
        exact=options.exact,
        label=options.label,
        drop=options.drop,
        response=options.response,
        penalty=options.penalty,
        ridge=options.ridge,
        trainers=_trainers(options.train),
        data=options.data,
        delta=options.delta,
        directions=options.direction,
        rule=options.rule,
        listener=Bar(),
    )
    place = options.out or Path("results") / f"audit-{Path(options.file).name}"
    place.mkdir(parents=True, exist_ok=True)
    write_text(place / "audit.json", json.dumps(audit_document(found), ensure_ascii=False))
    write_text(place / "report.html", audit_page(found))
    for name, text in found.files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(place / name, text)
    if options.json:
        print(json.dumps(audit_document(found, proofs=False), indent=1, ensure_ascii=False))
    else:
        print(audit_text(found))
        print(f"report: {place / 'report.html'}")
    return DONE


def _trainers(given: list[str] | None) -> list[str]:
    """Return the trainers asked for; the usual ones where none is named."""
    if given is None:
        return []
    from onehalf.auditing.datasets.trainers import USUAL

    return given or list(USUAL)


def _radius(given: list[str]) -> Any:
    """Return one radius, a dict of radii by name, or None."""
    if not given:
        return None
    named = [text.rpartition("=") for text in given]
    if all(name for name, _, _ in named):
        return {name: size for name, _, size in named}
    if len(given) > 1:
        raise InvalidValue("radius", given, "one radius for all stands alone", "name the entries: NAME=R")
    return given[0]
