"""Writes files until nothing fits any more.

Afterwards: what was written is bounded and gone.
Ends: any
"""


def attack(probe):
    total = 0
    try:
        for number in range(200):
            with open(f"f{number}", "wb") as file:
                total += file.write(b"x" * (1 << 20))
    except OSError:
        pass
    return "LEAK %d MB" % (total >> 20) if total > 20 << 20 else "nothing"
