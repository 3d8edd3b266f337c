"""What an experiment leaves behind: its directory, its store, and what is read from them."""
