"""Creates files until there are no more inodes.

Afterwards: what was made is bounded and gone.
Ends: any
"""


def attack(probe):
    made = 0
    try:
        for number in range(100000):
            open(f"g{number}", "w").close()
            made += 1
    except OSError:
        pass
    return "LEAK %d" % made if made > 2000 else "nothing"
