"""nbgrader keeps the course's record; grading, isolation and feedback are this package's.

`init` makes a course folder, whose `nbgrader_config.py` names the classes here by their paths (`config` lists them):
`read_notebook` reads what was handed in, `sanitize` rebuilds its cells, `scoring` puts our results in place of a
kernel's, `collect`, `markdown_filter`, `late` and `export` stand in for nbgrader's own. `recording` grades a class,
`pull` brings marks back. Modules that import nbgrader are imported only by nbgrader itself or by the verb.
"""
