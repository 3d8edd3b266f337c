"""Limits of instances as members: the limit game (docs/problems.md, G7, G5, G4b), and what may be known with one."""
