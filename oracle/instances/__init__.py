"""Instances of problems with a certificate of their solutions: kinds, exact checkers, coupling, and the game."""
