"""A small course of one assignment that uses every kind of check: the engine's tests grade it in milliseconds."""

from pathlib import Path

SOLUTIONS = Path(__file__).parent / "solutions"
REFERENCE = (SOLUTIONS / "b1_squares" / "squares.py").read_text()
