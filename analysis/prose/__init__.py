"""Sentences made from the numbers of a summary."""
