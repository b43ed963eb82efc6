"""Grades the grader: right solutions must pass at every seed, wrong ones fail, and known mistakes be named.

`subjects` says what is tried, `mutants` makes further wrong versions of the references, `trials` lets them sit the
exam in the sandbox, `findings` counts, `standards` says how good is good enough, `report` tells.
"""

CHANGES_RECORDS = False
