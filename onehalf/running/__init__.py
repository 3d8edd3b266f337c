"""A plan at work: trials, supervised children, workers, the scheduler."""
