"""Asks for 30 GB in one piece.

Afterwards: it got none.
Ends: raised
"""


def attack(probe):
    import numpy as np

    return "LEAK %d" % np.ones(30 << 27).nbytes
