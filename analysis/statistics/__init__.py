"""Exact intervals, tests, e-processes and barriers: numbers in, numbers out."""
