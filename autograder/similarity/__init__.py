"""Submissions that are alike, as places to look."""

CHANGES_RECORDS = False
