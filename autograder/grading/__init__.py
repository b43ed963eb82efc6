"""Grading: one submission, then a class: what has to be graded, by whom, and what is written of it."""
