"""Linear programs: minimise c·x subject to Ax = b, x ≥ 0."""
