"""Tables of a report, apart from the form in which they are printed."""
