"""Gradescope: `build` makes the zip that is uploaded, and `run` is what its container runs for each submission."""
