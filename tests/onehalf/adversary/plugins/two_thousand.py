"""Reads 2,000 digits of everything, exactly, and fits a line through the second feature in rational arithmetic."""

import onehalf as oh


@oh.algorithm("two-thousand")
def two_thousand(task, rng):
    """Scale the feature of the points with label 1, or of those with label 0, to 1."""
    table = task.read_exact(2000)
    ones = [row[1] for row, label in zip(table, task.labels, strict=True) if label]
    zeros = [row[1] for row, label in zip(table, task.labels, strict=True) if not label]
    high, low = sum(ones) / len(ones), sum(zeros) / len(zeros)
    if high == low:
        return task.witness(task.members[rng.integers(2)])
    slope, hidden = 1 / (high - low), task.architecture[1]
    first = [[0, 1]] + [[0, 0]] * (hidden - 1)
    return oh.Network([(first, [0] * hidden), ([[slope] + [0] * (hidden - 1)], [-low * slope])])
