"""Starts processes until the machine stops.

Afterwards: no process of it exists any more, and few ever did.
Ends: raised
"""


def attack(probe):
    import os, time

    made = 0
    for _ in range(300):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
    return "LEAK %d" % made
