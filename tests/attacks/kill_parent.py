"""Ends the process that started it.

Afterwards: the grader and its server live.
Ends: any
"""


def attack(probe):
    import os, signal

    os.kill(os.getppid() or 1, signal.SIGKILL)
    return "nothing"
