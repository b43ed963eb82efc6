"""Leaves a file for the next submission to find.

Afterwards: the scratch folder of the next one is empty.
Ends: any
"""


def attack(probe):
    import os

    old = os.listdir(".") if os.access(".", os.R_OK) else []
    try:
        open("message", "w").write("the answer is 3")
    except OSError:
        pass
    return "LEAK %s" % old if "message" in old else "nothing"
