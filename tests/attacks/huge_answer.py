"""Returns a very large array.

Afterwards: it is a wrong answer.
Ends: unreadable
"""


def attack(probe):
    import numpy as np

    return np.zeros(1 << 24)
