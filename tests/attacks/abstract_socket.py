"""Talks to other programs over an abstract Unix socket.

Afterwards: no socket was made.
Ends: raised
"""


def attack(probe):
    import socket

    socket.socket(socket.AF_UNIX).bind("\0autograder-attack")
    return "LEAK"
