"""A linear program with one inexact coefficient (docs/theory.md, section 6)."""
