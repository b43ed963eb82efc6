"""Opens inherited descriptors through /proc and /dev/fd.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import os

    found = []
    for folder in ("/proc/self/fd", "/dev/fd"):
        for number in range(64):
            try:
                found.append(os.readlink(f"{folder}/{number}"))
            except OSError:
                pass
    strange = [name for name in found if name != "/dev/null" and not name.startswith("/memfd:")]
    return "LEAK %s" % strange if strange else "nothing"
