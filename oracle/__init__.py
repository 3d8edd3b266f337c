"""The input side: exact problems, legal oracles, exact verdicts. It knows no algorithm."""
