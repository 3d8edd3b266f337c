"""Solvers of numerical libraries, by the kind of instances that they are made for."""
