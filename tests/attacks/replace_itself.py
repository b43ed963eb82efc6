"""Replaces its process by another program.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    import os

    os.execv("/bin/echo", ["echo", "LEAK"])
    return "LEAK"
