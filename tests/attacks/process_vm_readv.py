"""Reads another process's memory by a system call.

Afterwards: nothing that it was after comes back.
Ends: returned
"""

import ctypes


def attack(probe):
    import os, struct

    buffer = ctypes.create_string_buffer(8)
    vector = struct.pack("QQ", ctypes.addressof(buffer), 8)
    result = ctypes.CDLL(None).syscall(310, os.getppid() or 1, vector, 1, vector, 1, 0)
    return "LEAK" if result > 0 else "nothing"
