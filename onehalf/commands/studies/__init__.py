"""Commands that study what others made."""
