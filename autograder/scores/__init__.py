"""From records to scores: marks of people, lateness, weights, and what changed since."""
