"""Opens descriptors until there are no more.

Afterwards: the limit on open files holds.
Ends: returned
"""


def attack(probe):
    import os

    held = []
    try:
        for _ in range(100000):
            held.append(os.dup(2))
    except OSError:
        pass
    return "LEAK %d" % len(held) if len(held) > 200 else "nothing"
