"""`onehalf compare`."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehalf.cli import DONE
from onehalf.record.result import load


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "example:\n  onehalf compare results/version-1 results/version-2 --out results/compared\n"
        "Cells of the same problem, oracle, budget and algorithm are compared, trial against trial (exact McNemar);\n"
        "where each directory has one other algorithm on the same cells, these two are."
    )
    parser.add_argument("first", type=Path, metavar="DIR_A", help="a directory made by run")
    parser.add_argument("second", type=Path, metavar="DIR_B", help="another")
    parser.add_argument(
        "--out", type=Path, default=Path("results/compare"), metavar="DIR", help="default: results/compare"
    )
    parser.add_argument("--json", action="store_true", help="print compare.json instead of the sentences")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    from onehalf.comparing.page import write_comparison
    from onehalf.comparing.pairs import compare_directories
    from onehalf.comparing.words import comparison_sentences

    parts = [(place, load(place).recorded) for place in (options.first, options.second)]
    found = compare_directories(*parts)
    page, document, *_ = write_comparison(found, options.out)
    if options.json:
        print(document.read_text(encoding="utf-8"))
        return DONE
    for sentence in comparison_sentences(found):
        print(sentence)
    print(f"page: {page}")
    return DONE
