"""Solvers of numerical libraries, by the kind of instances that they are made for.

The files here register algorithms. The rooms lp, lasso and least_squares hold configurations of libraries that are
optional, which `onehalf atlas` surveys; nothing there is registered or imported before it is asked for.
"""
