"""Signals every process that it may signal.

Afterwards: the grader and its server live.
Ends: any
"""


def attack(probe):
    import os, signal

    os.kill(-1, signal.SIGKILL)
    return "LEAK"
