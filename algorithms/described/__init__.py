"""Plugin files as a process sees them that never executes one: a child executes it, and says what it offers."""
