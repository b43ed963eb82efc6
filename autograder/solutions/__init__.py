"""What staff write, read from the folder of solutions: assignments, rubrics, the course and its rules."""
