"""Trained networks: exact accuracy, and what one small perturbation makes wrong."""
