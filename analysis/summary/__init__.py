"""From tables to the entries of a summary."""
