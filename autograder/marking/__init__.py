"""One submission and one exam: what the sandbox is asked, and the record made of its answers."""
