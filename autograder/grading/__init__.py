"""A class: what has to be graded, where, and what is written of it."""
