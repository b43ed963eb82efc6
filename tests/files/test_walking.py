"""The files below a folder: in one order, without what tools leave."""

from pathlib import Path

from autograder.files.walking import files_below


def test_files_come_in_order_without_what_tools_leave(tmp_path: Path) -> None:
    for name in ("b.py", "a/c.py", "a/__pycache__/c.pyc", ".git/x", "a/.hidden", "a/d/e.toml", "d/e.toml", "a-b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = dict(files_below(tmp_path))
    assert list(found) == ["a/c.py", "a/d/e.toml", "a-b.py", "b.py", "d/e.toml"], f"folder by folder: {list(found)}"
    assert all(path.read_text() == name for name, path in found.items()), f"each by its own path: {found}"
    some = [name for name, _ in files_below(tmp_path, {"d", "a/c.py"}.__contains__)]
    assert some == ["a/d/e.toml", "a-b.py", "b.py"], f"left out is what has the path, and all below it: {some}"
