"""Patches NumPy's comparison to find everything close.

Afterwards: the grader's NumPy is another process's.
Ends: returned
"""


def attack(probe):
    import numpy as np

    np.testing.assert_allclose = np.allclose = lambda *a, **k: True
    np.abs = lambda x: 0 * x
    return "nothing"
