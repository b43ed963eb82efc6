"""Looks for secrets in the environment.

Afterwards: no variable of the grader's own environment is there.
Ends: returned
"""


def attack(probe):
    import os

    return "LEAK" if "AUTOGRADER_TEST_SECRET" in os.environ else "nothing"
