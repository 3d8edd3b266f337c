"""Linear programs whose numbers are inexact."""
