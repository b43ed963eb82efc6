"""Reads a file that holds the answers, by its path.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    return open(probe["hidden"]).read()
