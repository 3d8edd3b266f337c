"""Directories of one experiment joined into one: shards, made on machines that share nothing."""
