"""Writes to every folder that is usually writable.

Afterwards: no file of its name exists anywhere outside its own scratch folder.
Ends: returned
"""


def attack(probe):
    done = []
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", probe["repository"], "/usr/lib"):
        try:
            open(folder + "/autograder-attack-was-here", "w").write("x")
            done.append(folder)
        except OSError:
            pass
    return "LEAK %s" % done if done else "nothing"
