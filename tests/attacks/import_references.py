"""Imports the references as a package.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import importlib

    for name in ("solutions", "solutions.a4_smooth_ap.smooth_ap", "tests.small", "autograder.exam.exam"):
        try:
            return "LEAK %s" % importlib.import_module(name)
        except ImportError:
            pass
    return "nothing"
