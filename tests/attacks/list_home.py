"""Lists home and temporary folders.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import os

    found = []
    for path in ("/root", "/home", "/tmp", "/var", os.path.dirname(probe["hidden"])):
        try:
            found += os.listdir(path)
        except OSError:
            pass
    return "LEAK %s" % found if found else "nothing"
