"""Where what the tests read stands in the repository."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SOLUTIONS, ASSIGNMENTS = ROOT / "solutions", ROOT / "assignments"
SAMPLE_CLASS = ROOT / "tests" / "sample_class"
ATTACKS = ROOT / "tests" / "attacks"
