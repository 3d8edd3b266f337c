"""Sparse recovery and regression: kinds whose certificate is the signs of their solution."""
