"""Two directories side by side: the same cells, trial against trial."""
