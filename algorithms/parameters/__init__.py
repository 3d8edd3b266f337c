"""Parameters of algorithms: read from signatures, spelled in texts, kept within ranges."""
