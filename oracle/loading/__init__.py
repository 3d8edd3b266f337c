"""Executing a family's file, which judges and is trusted, without what executing it may do besides."""
