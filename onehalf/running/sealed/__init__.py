"""Runs whose oracle, ledger and judge are in another process than the algorithm."""
