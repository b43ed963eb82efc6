"""Builds the assignment below a folder for each peer, and hands it in: every submission differs by a comment."""

import ast
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "solutions"
SOURCE = (OWN / "p1_peers" / "peers.py").read_text()
CASES = (OWN / "p1_peers" / "cases.py").read_text()
POINTS = 2
QUESTIONS = {
    "q1": ("log_likelihood",),
    "q2": ("kl_categorical",),
    "q3": ("kl_normal",),
    "q4": ("average_precision",),
    "q5": ("smooth_ap", "smooth_ap_grad"),
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
RUN_TESTS = """import sys
import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        JSONTestRunner(visibility="visible", stream=file).run(unittest.defaultTestLoader.discover("tests"))
"""


def functions(prefix: str = "") -> dict[str, str]:
    """The source of each function, helpers with the first that needs them; with a prefix, under names that begin so."""
    tree = ast.parse(SOURCE)
    found = {
        node.name: ast.get_source_segment(SOURCE, node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    helper = found.pop("_sigmoid")
    found["smooth_ap"] = f"{helper}\n\n\n{found['smooth_ap']}"
    return {name: text.replace(f"def {name}(", f"def {prefix}{name}(") for name, text in found.items()}


def answer(question: str, prefix: str = "") -> str:
    """What is handed in for one question."""
    sources = functions(prefix)
    return "\n\n\n".join(sources[name] for name in QUESTIONS[question])


def test_body(question: str) -> str:
    """Statements that hold every function of a question against the reference on the twenty cases."""
    lines = []
    for name in QUESTIONS[question]:
        lines += [f"for case in cases_{question}():", f"    got, want = {name}(*case), ref_{name}(*case)"]
        if name == "smooth_ap_grad":
            lines.append("    got, want = np.concatenate(got), np.concatenate(want)")
        lines.append("    np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-9)")
    return "\n".join(lines)


def indented(text: str, by: int) -> str:
    """A text, each line further to the right."""
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(keepends=True))


def reference() -> str:
    """References under other names, and the cases: what a test needs beside the submission."""
    return "import numpy as np\n\n" + "\n\n\n".join(answer(q, "ref_") for q in QUESTIONS) + "\n\n\n" + CASES


def question_reference(question: str) -> str:
    """As `reference`, of one question."""
    tree = ast.parse(CASES)
    cases = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == f"cases_{question}")
    return f"import numpy as np\n\n{answer(question, 'ref_')}\n\n\n{ast.get_source_segment(CASES, cases)}\n"


def notebook(path: Path, cells: list[dict[str, Any]]) -> None:
    """Write a notebook of these cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for number, cell in enumerate(cells):
        cell |= {"id": f"cell{number}", "source": cell["source"], "metadata": cell.get("metadata", {})}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}))


def code(source: str, **metadata: Any) -> dict[str, Any]:
    """A code cell."""
    return {"cell_type": "code", "source": source, "metadata": metadata}


def raw(source: str) -> dict[str, Any]:
    """A raw cell, by which otter is told what to do."""
    return {"cell_type": "raw", "source": source}


def modules(folder: Path, students: int) -> list[Path]:
    """The submissions as modules: for this package, pytest and unittest."""
    found = []
    for number in range(students):
        path = folder / "class" / f"student{number:05}"
        path.mkdir(parents=True, exist_ok=True)
        (path / "peers.py").write_text(f"{SOURCE}\n# student {number}\n")
        found.append(path)
    return found


def pytest_tests(folder: Path) -> None:
    """The tests as pytest runs them."""
    tests = folder / "pytest" / "tests"
    tests.mkdir(parents=True)
    (tests / "reference.py").write_text(reference())
    bodies = [f"def test_{question}():\n{indented(test_body(question), 4)}\n" for question in QUESTIONS]
    head = "import numpy as np\nfrom peers import *\nfrom reference import *\n"
    (tests / "test_peers.py").write_text("\n\n".join([head, *bodies]))


def gradescope_tests(folder: Path) -> None:
    """The tests as a course's Gradescope image runs them."""
    tests = folder / "gradescope" / "tests"
    tests.mkdir(parents=True)
    (folder / "gradescope" / "reference.py").write_text(reference())
    (folder / "gradescope" / "run_tests.py").write_text(RUN_TESTS)
    (tests / "__init__.py").write_text("")
    parts = [
        "import unittest\nimport numpy as np\nfrom gradescope_utils.autograder_utils.decorators import number, weight\n"
        "from peers import *\nfrom reference import *\n\n\nclass TestPeers(unittest.TestCase):\n"
    ]
    parts += [
        f"    @weight({POINTS})\n    @number('{question}')\n    def test_{question}(self):\n"
        f'        """{question}"""\n{indented(test_body(question), 8)}\n\n'
        for question in QUESTIONS
    ]
    (tests / "test_peers.py").write_text("".join(parts))


def otter(folder: Path, bin_: Path, students: int) -> tuple[Path, list[Path]]:
    """The autograder's zip that `otter assign` makes, and the submissions."""
    cells = [
        raw(
            "# ASSIGNMENT CONFIG\nname: peers\ninit_cell: true\ncheck_all_cell: false\nexport_cell: false\n"
            "tests:\n  ok_format: false\ngenerate: true\n"
        ),
        code("import numpy as np"),
    ]
    for question, names in QUESTIONS.items():
        test = indented(question_reference(question) + test_body(question), 4)
        config = f'""" # BEGIN TEST CONFIG\nhidden: true\npoints: {POINTS}\n""" # END TEST CONFIG\n'
        cells += [
            raw(f"# BEGIN QUESTION\nname: {question}\npoints: {POINTS}"),
            {"cell_type": "markdown", "source": f"**{question}**"},
            raw("# BEGIN SOLUTION"),
            code(f"# BEGIN SOLUTION\n{answer(question)}\n# END SOLUTION"),
            raw("# END SOLUTION"),
            raw("# BEGIN TESTS"),
            code(f"{config}def test_{question}({', '.join(names)}):\n{test}\n"),
            raw("# END TESTS"),
            raw("# END QUESTION"),
        ]
    home = folder / "otter"
    notebook(home / "peers.ipynb", cells)
    run([str(bin_ / "otter"), "assign", "peers.ipynb", "dist", "--no-pdfs"], home, bin_)
    made = json.loads((home / "dist" / "student" / "peers.ipynb").read_text())
    found = []
    for student in range(students):
        tests = (cell.get("metadata", {}).get("otter", {}).get("tests") for cell in made["cells"])
        own = [
            {**cell, "source": f"{answer(test[0])}\n# student {student}\n"} if test else cell
            for cell, test in zip(made["cells"], tests, strict=True)
        ]
        path = home / "class" / f"student{student:05}" / "peers.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**made, "cells": own}))
        found.append(path)
    return next((home / "dist" / "autograder").glob("*.zip")), found


def nbgrader(folder: Path, bin_: Path, students: int) -> Path:
    """The course's folder, with the assignment released and handed in."""
    course = folder / "nbgrader"
    course.mkdir()
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'peers'\nc.CourseDirectory.root = {str(course)!r}\n"
    )

    def marked(name: str, **flags: Any) -> Mapping[str, Any]:
        usual = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        return {"nbgrader": {**usual, "grade_id": name, **flags}}

    cells = [code("import numpy as np")]
    for question in QUESTIONS:
        solution = f"### BEGIN SOLUTION\n{answer(question)}\n### END SOLUTION"
        test = question_reference(question) + test_body(question)
        hidden = f"# test of {question}\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
        cells += [
            code(solution, **marked(question, solution=True)),
            code(hidden, **marked(f"test_{question}", grade=True, locked=True, points=POINTS)),
        ]
    notebook(course / "source" / "peers" / "peers.ipynb", cells)
    run([str(bin_ / "nbgrader"), "generate_assignment", "peers"], course, bin_)
    released = json.loads((course / "release" / "peers" / "peers.ipynb").read_text())
    for student in range(students):
        own = []
        for cell in released["cells"]:
            flags = cell.get("metadata", {}).get("nbgrader", {})
            text = f"{answer(flags['grade_id'])}\n# student {student}\n" if flags.get("solution") else cell["source"]
            own.append({**cell, "source": text})
        path = course / "submitted" / f"student{student:05}" / "peers" / "peers.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**released, "cells": own}))
    return course


def run(command: list[str], folder: Path, bin_: Path) -> None:
    """Run one of a peer's own commands.

    Raises:
        RuntimeError: it failed; says what it printed.
    """
    path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
