"""Leaves a process behind that outlives it.

Afterwards: no process of it exists any more.
Ends: raised
"""


def attack(probe):
    import os, time

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    return "LEAK left behind"
