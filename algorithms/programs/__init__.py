"""Algorithms in any language: a program, the line to it, and what crosses it."""
