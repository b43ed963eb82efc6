"""What the rooms share about files: each way to write, to pack and to read, and what is hostile to it."""
