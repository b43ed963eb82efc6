"""Stops itself, so that nobody sees it end.

Afterwards: its time is over all the same.
Ends: any
"""


def attack(probe):
    import os, signal

    signal.raise_signal(signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:
        pass
