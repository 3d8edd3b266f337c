"""Figures of a report, each drawn from the summary alone."""
