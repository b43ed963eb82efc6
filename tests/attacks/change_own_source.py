"""Changes its source after it was started, for whoever is graded next.

Afterwards: the next submission is graded on its own source.
Ends: returned
"""


def attack(probe):
    try:
        open(__file__, "w").write("def attack(probe): return 1")
    except OSError:
        pass
    return "nothing"
