"""Climbs the stack to the caller's variables for the answers.

Afterwards: the caller's frames hold arguments only.
Ends: returned
"""


def attack(probe):
    import sys

    frame, found = sys._getframe(1), []
    while frame:
        found += [key for key in frame.f_locals if "expected" in key or "tolerance" in key]
        frame = frame.f_back
    return "LEAK %s" % found if found else "nothing"
