"""Landlock: after `restrict`, this process reaches only the folders that it was given.

Source: the kernel's Documentation/userspace-api/landlock.rst.
"""

import os
import stat
import struct
from collections.abc import Iterable

from autograder.sandbox.inside.kernel import call

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

READ = READ_FILE | READ_DIR
# What may be done in a scratch folder: no device, socket or fifo is made there, and nothing is executed.
SCRATCH = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

# The rights that each version of the interface knows, all of which are taken away; later ones know no fewer.
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
NETWORK = 0b11  # binding and connecting of TCP
SCOPES = 0b11  # abstract unix sockets, signals to processes outside
VERSION = 1  # flag: ask for the version
PATH_BENEATH = 1


def version() -> int:
    """The version of the interface that this kernel has.

    Raises:
        OSError: none.
    """
    return call("landlock_create_ruleset", None, 0, VERSION)


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Reach only these files and folders from now on. `no_new_privs` must be set already.

    Raises:
        OSError: the kernel refuses; then nothing is restricted.
    """
    interface = version()
    handled = RIGHTS[min(interface, 5)]
    attributes = struct.pack("QQQ", handled, NETWORK, SCOPES)
    length = 8 if interface < 4 else 16 if interface < 6 else 24
    ruleset = call("landlock_create_ruleset", attributes[:length], length, 0)
    try:
        for paths, access in ((readable, READ), (writable, SCRATCH)):
            for path in paths:
                _allow(ruleset, path, access & handled)
        call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            access &= ON_FILES
        call("landlock_add_rule", ruleset, PATH_BENEATH, struct.pack("=Qi", access, beneath), 0)
    finally:
        os.close(beneath)
