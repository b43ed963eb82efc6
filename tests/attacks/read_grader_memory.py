"""Reads the memory of the process that started it.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    import os

    return "LEAK %r" % open(f"/proc/{os.getppid() or 1}/mem", "rb")
