"""One small assignment, the same functions and the same cases, as this package and as each of its peers delivers it."""
