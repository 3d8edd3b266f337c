"""Tables in, numbers and pictures out.

Everything here is a pure function of data frames and dictionaries: nothing is read from a store, nothing is
run, and nothing of this project is imported from outside. `summarise.summarise` makes the content of ``summary.json``,
whose form is `summary.schema`; `report.page.render` and `figures.gallery.pictures` work from that alone. No family of
problems is named here, and none of its parameters: what varies, and how it is called, stands in the summary, and what a
family adds to a report is a `story.Story`.
"""
