"""Loops, and swallows whatever is raised in it.

Afterwards: its time is over all the same.
Ends: timeout
"""


def attack(probe):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
