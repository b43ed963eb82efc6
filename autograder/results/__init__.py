"""The record of a student: its form, its folder, what it was made from, and what of it students may see."""
