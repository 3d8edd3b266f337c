"""Benchmarks: what trials, verdicts and training cost, beside peers. Run with ``python -m benchmarks``."""
