"""Returns a value that nests without end.

Afterwards: it is a wrong answer.
Ends: unreadable
"""


def attack(probe):
    value = ()
    for _ in range(5000):
        value = (value,)
    return value
