"""What staff wrote, read and checked: the course's settings, its assignments and their rubrics."""
