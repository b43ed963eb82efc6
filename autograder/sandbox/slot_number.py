"""The number of a slot, which no other slot of this machine has: as root, each slot's server is a user of its own."""

import socket

CHANGES_RECORDS = False

# As many users there are, from `tiers.FIRST_UID` on.
MOST_NUMBERS = 4000


def claimed_number(tries: int = MOST_NUMBERS) -> tuple[int, socket.socket | None]:
    """A number that no other process of this machine has, as long as the socket that holds it is open.

    Args:
        tries: so many numbers, from 1 on; where all are taken, the last one is shared, and nothing holds it.
    """
    for number in range(1, tries):
        held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            # A name outside the file system: it goes with the process, however that ends.
            held.bind(f"\0autograder-process-{number}")
        except OSError:
            held.close()
        else:
            return number, held
    return tries, None
