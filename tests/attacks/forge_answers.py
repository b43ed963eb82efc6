"""Writes answers of its own making over the answer sheet, and ends.

Afterwards: they are read as data: wrong values, or none.
Ends: any
"""


def attack(probe):
    import gc, mmap, os

    for thing in gc.get_objects():
        sheet = getattr(thing, "_memory", None)
        if isinstance(sheet, mmap.mmap):
            sheet[:] = b"\xff" * len(sheet)
    os._exit(0)
