"""Bridges to other tools. Each is a leaf: nothing imports it, and what it needs is an optional extra."""

CHANGES_RECORDS = False
