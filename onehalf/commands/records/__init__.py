"""Commands on the record of a directory: read it, run a trial of it again, look whether it is whole."""
