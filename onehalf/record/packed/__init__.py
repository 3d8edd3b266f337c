"""Chunks of many trials with few different outcomes, kept as one row each."""
