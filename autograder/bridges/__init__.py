"""Bridges to other graders and platforms. Nothing imports them; each imports what it needs when it is used."""
