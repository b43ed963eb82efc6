"""Connects to a server on this machine.

Afterwards: the server saw nobody.
Ends: raised
"""


def attack(probe):
    import socket

    return "LEAK %s" % socket.create_connection(("127.0.0.1", probe["port"]), 1)
