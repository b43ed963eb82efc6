"""Takes memory until the machine swaps.

Afterwards: it had no more than its limit.
Ends: raised
"""


def attack(probe):
    held = []
    while True:
        held.append(bytearray(64 << 20))
