"""Baselines whose success is known, and algorithms made of algorithms."""
