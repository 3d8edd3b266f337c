"""Least squares: minimise ‖Ax − y‖₂."""
