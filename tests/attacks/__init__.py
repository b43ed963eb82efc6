"""Hostile submissions, one file each: what it tries, what must be true afterwards, how it may end."""
