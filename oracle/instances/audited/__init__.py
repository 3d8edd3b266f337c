"""An audit's pair of data sets as a problem stated by two instances (docs/audit.md)."""
