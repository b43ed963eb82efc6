"""Returns an object whose pickle runs a command.

Afterwards: nothing is ever unpickled.
Ends: returned
"""

import os


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/autograder-attack-was-here",)


def attack(probe):
    return Bomb()
