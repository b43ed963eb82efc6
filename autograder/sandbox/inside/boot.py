"""Starts the zygote without the package's own folder on the path: beside it may lie what students must not import.

Usage: python -s -S -B -P boot.py PACKAGE SITE SOCKET PROCESSES LAYERS READABLE SCRATCH. PACKAGE is the folder of
`autograder`, SITE the folders that hold NumPy and msgpack, READABLE the folders that children may read (each list
joined by the path separator), SOCKET a descriptor, PROCESSES that of the grader's `/proc` or nothing, LAYERS names
joined by commas.
"""

import os
import sys
import types

package, site, control, processes, layers, readable, scratch = sys.argv[1:]
stub = types.ModuleType("autograder")
stub.__path__ = [package]
sys.modules["autograder"] = stub
standard = list(sys.path)
sys.path += site.split(os.pathsep)

from autograder.sandbox.inside.zygote import main  # noqa: E402

# NumPy finds its own parts by its own path; whatever else is installed beside it is not for submissions.
sys.path[:] = standard
# Of this package too, only what stands inside is: in each tier what a submission asks for further is not there.
for outer in (stub, sys.modules["autograder.sandbox"]):
    outer.__path__ = []
main(int(control), int(processes) if processes else None, layers.split(","), readable.split(os.pathsep), scratch)
