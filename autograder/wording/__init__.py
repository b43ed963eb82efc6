"""How values, places and names are written for people."""
