"""Values in, verdicts out: pure functions that never start a process and know nothing of one."""
