"""Returns a million empty lists, small on the wire and large in memory.

Afterwards: it is a wrong answer, and cost little.
Ends: unreadable
"""


def attack(probe):
    return [[]] * 1_000_000
