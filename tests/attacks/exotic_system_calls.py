"""Tries bpf, io_uring, userfaultfd, keyctl, perf_event_open and kexec.

Afterwards: nothing that it was after comes back.
Ends: any
"""


def attack(probe):
    import ctypes

    worked = [n for n in (321, 425, 323, 250, 298, 246, 310, 175) if ctypes.CDLL(None).syscall(n, 0, 0, 0, 0, 0) >= 0]
    return "LEAK %s" % worked if worked else "nothing"
