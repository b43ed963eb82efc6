"""Mounts a file system.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import ctypes

    return "LEAK" if ctypes.CDLL(None).mount(b"t", b"/", b"tmpfs", 0, None) == 0 else "nothing"
