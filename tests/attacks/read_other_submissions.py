"""Reads what the students before it handed in.

Afterwards: nothing that it was after comes back.
Ends: any
"""


def attack(probe):
    import os

    found = [name for folder in (".", "/box") if os.path.isdir(folder) for name in os.listdir(folder)]
    return "LEAK %s" % found if "smooth_ap.py" in found else "nothing"
