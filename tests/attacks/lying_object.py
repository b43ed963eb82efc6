"""Returns an object that says it equals everything.

Afterwards: it is the float that it is, and no object.
Ends: returned
"""


class Lying(float):
    def __eq__(self, other):
        return True

    def __array__(self, *arguments):
        raise SystemExit

    def __repr__(self):
        return "LIE"


def attack(probe):
    return Lying()
