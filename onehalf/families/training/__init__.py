"""Training with an inexact second feature (docs/theory.md, section 4)."""
