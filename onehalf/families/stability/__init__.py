"""Accuracy against stability of networks of fixed size (docs/theory.md, section 5)."""
