"""Registers code for the end of the process.

Afterwards: it never runs.
Ends: returned
"""


def attack(probe):
    import atexit

    atexit.register(lambda: open("/tmp/autograder-attack-was-here", "w").close())
    return "nothing"
