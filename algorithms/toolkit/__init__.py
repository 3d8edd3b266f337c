"""What trainers are made of: shared parameters, restarts, batches, fitting, weights."""
