"""One module for each command of the command line: `configure` its parser, `execute` it."""
