"""Bring your own data: which digits of an answer can be had from inexact numbers."""
