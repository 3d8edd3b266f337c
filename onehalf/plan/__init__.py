"""The plan of an experiment as data: cells, rules, seeds, experiment files."""
