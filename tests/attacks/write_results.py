"""Writes a record of full marks into the results folder.

Afterwards: the folder is as before.
Ends: raised
"""


def attack(probe):
    open(probe["results"] + "/anna.json", "w").write("{}")
    return "LEAK written"
