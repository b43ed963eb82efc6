"""Lists the root of the file system.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    import os

    return "LEAK %s" % os.listdir("/")
