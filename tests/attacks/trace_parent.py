"""Attaches to its parent as a debugger.

Afterwards: nothing that it was after comes back.
Ends: any
"""


def attack(probe):
    import ctypes, os

    return "LEAK" if ctypes.CDLL(None).ptrace(16, os.getppid() or 1, 0, 0) == 0 else "nothing"
