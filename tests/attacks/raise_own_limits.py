"""Raises its own limits.

Afterwards: the limits are as before.
Ends: raised
"""


def attack(probe):
    import resource

    for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "LEAK"
