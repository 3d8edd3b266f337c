"""Tables in, numbers and pictures out.

Everything here is a pure function of data frames and dictionaries: nothing is read from a store, nothing is
run, and neither `oracle` nor `algorithms` is imported. `summary.summarise` makes the content of
``summary.json``; `report.render` and `plots.pictures` work from that alone.
"""
