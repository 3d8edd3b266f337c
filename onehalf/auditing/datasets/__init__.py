"""Training sets: how much of a labelled table can be learnt from inexact features (Theorem T)."""
