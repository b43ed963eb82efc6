"""Loops in a regular expression.

Afterwards: its time is over all the same.
Ends: timeout
"""


def attack(probe):
    import re

    return re.match("(a+)+$", "a" * 60 + "b")
