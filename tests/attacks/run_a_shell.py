"""Runs a shell.

Afterwards: nothing that it was after comes back.
Ends: any
"""


def attack(probe):
    import subprocess

    return "LEAK %s" % subprocess.run(["/bin/sh", "-c", "id"], capture_output=True).stdout
