"""Submissions that are alike, as places to look."""
