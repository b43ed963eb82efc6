"""What students run before they hand in, on any system, without the references: the public checks, and the packing.

`work` finds the files; `checks` runs the public checks of a function, in whatever process; `runner` is the process in
which a student's code runs, `process` starts it and ends what takes too long; `confine` is all that differs by system.
"""

CHANGES_RECORDS = False
