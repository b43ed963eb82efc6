"""Bridges to other systems. Each is a leaf: an optional extra, imported only when asked for."""
