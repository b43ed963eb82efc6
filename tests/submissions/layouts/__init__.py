"""Tests of every layout in which submissions come, on trees that are named exactly as the platforms name them."""
