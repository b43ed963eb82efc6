"""Becomes root, or anybody.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    import os

    os.setuid(0 if os.getuid() else 12345)
    return "LEAK %d" % os.getuid()
