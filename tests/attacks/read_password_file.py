"""Reads the machine's list of users.

Afterwards: nothing that it was after comes back.
Ends: raised
"""


def attack(probe):
    return "LEAK " + open("/etc/passwd").read(50)
