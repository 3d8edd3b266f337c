"""Semidefinite programs: kinds whose certificates are eigenvectors, points, and refutations."""
