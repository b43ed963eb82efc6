"""Returns an integer of a million digits.

Afterwards: it is a wrong answer.
Ends: returned
"""


def attack(probe):
    return 10**1_000_000
