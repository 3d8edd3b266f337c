"""What users have, as algorithms: minimisers, estimators, modules."""
