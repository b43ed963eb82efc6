"""Every limit on a submission, in one place. Times are seconds, sizes bytes; a question may have its own (`limit`)."""

# A function may use this many times the processor time that its reference took on this machine in this run, and some
# seconds more: a slow or busy machine then never fails right work.
TIMES_THE_REFERENCE = 50.0
SECONDS_MORE = 2.0
# By the wall, as many times its processor time and more: for functions that sleep, and machines that are busy.
WALL_TIMES = 3.0
WALL_MORE = 3.0
# Importing the module, by the wall.
IMPORT_SECONDS = 10.0
# Beyond the sum of its own limits, a child that turned off its clocks is ended from outside.
GRACE_SECONDS = 2.0

# Address space, beyond what the interpreter and NumPy have mapped already.
MEMORY = 1 << 30
# All answers of one submission to one assignment, and one answer (see `wire`).
SHEET_BYTES = 32 << 20
ANSWER_BYTES = 1 << 20

# Files that a submission writes: each, open at once, and the scratch folder as a whole.
FILE_BYTES = 1 << 20
OPEN_FILES = 64
SCRATCH_BYTES = 16 << 20
SCRATCH_FILES = 512
# Threads, the first of them counted, and the stack of each; processes cannot be started at all. Python refuses the next
# thread. Who goes around that meets the other limit, which also counts some processes of ours and threads that end.
THREADS = 64
STACK_BYTES = 2 << 20
THREADS_AT_ALL = THREADS + 16
