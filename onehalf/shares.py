"""Shares as users write them: a decimal such as 0.6, or a fraction such as 1/3."""

from __future__ import annotations

import argparse


def read_share(text: str) -> float:
    """Return the number that a decimal or a fraction of two decimals stands for.

    Raises
    ------
    ValueError
        If it is neither, or divides by zero.
    """
    top, slash, low = text.partition("/")
    below = float(low) if slash else 1.0
    if below == 0.0:
        raise ValueError(f"share={text!r}: divides by zero; write for example 1/3")
    return float(top) / below


def share(text: str) -> float:
    """`read_share` for an option of the command line."""
    try:
        return read_share(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write for example 0.6 or 1/3") from error
