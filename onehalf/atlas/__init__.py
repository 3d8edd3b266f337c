"""The atlas: what solvers answer to problems whose answer hangs on the last digits, and what they claim."""
