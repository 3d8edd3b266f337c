"""The report in every form: a page, Markdown, CSV, LaTeX."""
