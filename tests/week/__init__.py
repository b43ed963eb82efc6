"""A course's week on small classes: resume, regrade, marks, policy, exports."""
