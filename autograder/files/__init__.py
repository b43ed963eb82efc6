"""What the rooms share about files and text: whole writes, zips, tables, safe names, visible text."""
