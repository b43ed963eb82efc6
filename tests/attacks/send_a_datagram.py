"""Sends a datagram.

Afterwards: no socket was made.
Ends: raised
"""


def attack(probe):
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", probe["port"]))
    return "LEAK"
