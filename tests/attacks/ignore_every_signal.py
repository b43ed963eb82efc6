"""Ignores every signal, turns its clocks off and loops.

Afterwards: its time is over all the same.
Ends: timeout
"""


def attack(probe):
    import signal

    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    while True:
        pass
