"""Patches the harness that sends its answers.

Afterwards: what is sent is still only data.
Ends: any
"""


def attack(probe):
    import sys

    for name, module in list(sys.modules.items()):
        if name.startswith("autograder"):
            for key, value in list(vars(module).items()):
                if callable(value):
                    setattr(module, key, lambda *a, **k: b"")
    return "nothing"
