"""Loops in C code that no Python signal handler interrupts.

Afterwards: its time is over all the same.
Ends: timeout
"""


def attack(probe):
    import itertools

    return max(itertools.repeat(1))
