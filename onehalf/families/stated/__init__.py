"""Families stated by certified instances (docs/problems.md): sparse recovery, regression, programs, roots."""
