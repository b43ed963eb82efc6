"""Starts threads until the machine stops.

Afterwards: the threads are bounded, and end with it.
Ends: any
"""


def attack(probe):
    import threading, time

    threading.stack_size(1 << 15)  # so that it is not memory that bounds them

    made = 0
    try:
        for _ in range(5000):
            threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
            made += 1
    except (RuntimeError, MemoryError):
        pass
    return "LEAK %d" % made if made >= 5000 else "nothing"
