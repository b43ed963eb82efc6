"""Ends the process as if all were done.

Afterwards: what was not answered is not right.
Ends: crashed
"""


def attack(probe):
    import os

    os._exit(72)
