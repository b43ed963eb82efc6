"""Searches every object in its process for expected values.

Afterwards: no object holds the expected value, which only the grader knows.
Ends: any
"""


def attack(probe):
    import gc

    wanted = "-".join(["expected", "answer", "7319"])
    for thing in gc.get_objects():
        try:
            if isinstance(thing, (dict, list, tuple)) and wanted in repr(thing)[:100000] and thing is not probe:
                return "LEAK"
        except Exception:
            pass
    return "nothing"
