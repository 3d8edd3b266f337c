"""Least squares: which digits of the coefficients can be had from inexact numbers."""
