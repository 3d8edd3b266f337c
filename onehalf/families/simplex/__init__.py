"""A linear program over a simplex: k answers that exclude each other."""
