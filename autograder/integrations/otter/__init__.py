"""otter-grader 7.0: `master` writes what `otter assign` reads, and `plugin` lets `otter run` use our engine."""
