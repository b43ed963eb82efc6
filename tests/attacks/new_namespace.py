"""Makes a user namespace, to become root in it.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import ctypes

    return "LEAK" if ctypes.CDLL(None).unshare(0x10000000) == 0 else "nothing"
