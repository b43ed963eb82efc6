"""Asks to be traced, so that its end hangs its parent.

Afterwards: the grader goes on.
Ends: any
"""


def attack(probe):
    import ctypes

    ctypes.CDLL(None).ptrace(0, 0, 0, 0)
    return "nothing"
