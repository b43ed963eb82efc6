"""nbgrader keeps the course's record; grading, isolation and feedback are this package's.

`init` makes a course folder, whose `nbgrader_config.py` names the classes here by their paths: `intake` reads what was
handed in, `canonical` rebuilds its cells, `scoring` puts our results in place of a kernel's, `collect`, `feedback`,
`markdown`, `late` and `export` stand in for nbgrader's own. `recording` grades a class, `pull` brings marks back.
Modules that import nbgrader are imported only by nbgrader itself or by the verb.
"""
