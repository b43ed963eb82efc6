"""Walks from its own packages to the folder of solutions beside the grader.

Afterwards: nothing that it was after comes back.
Ends: returned
"""


def attack(probe):
    import sys, os

    found = []
    for path in [*sys.path, probe["repository"], os.path.join(probe["repository"], "solutions")]:
        for name in ("solutions", "course.toml", "a4_smooth_ap"):
            try:
                found.append(open(os.path.join(path, name)).read(10))
            except IsADirectoryError:
                try:
                    found += os.listdir(os.path.join(path, name))
                except OSError:
                    pass
            except OSError:
                pass
    return "LEAK %s" % found if found else "nothing"
