"""Times the pages of a class: `python -m tests.benchmarks.reports [STUDENTS]`.

Right and wrong submissions of the sample class are graded once; their records are copied to students until there are
1,000, a third of whom fail several functions, with the case, what is right, pictures and code all shown (`reveal =
"full"`, the largest pages). Then the class page of 2,000 is opened in Chromium, where there is one.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from msgspec.structs import replace

from autograder.course import Reveal
from autograder.grading import grade
from autograder.reports import write_pages
from autograder.reports.pages import class_page
from autograder.results import Result

CLASS = Path(__file__).parents[1] / "sample_class" / "submissions"
RIGHT = ("perfect_compact", "perfect_lists")
FAILING = ("wrong_shapes", "naive_formulas", "own_wrong_function", "wrong_derivations", "mistakes_1", "returns_nan")


def records(folder: Path, names: tuple[str, ...]) -> list[Result]:
    """The records of some of the sample class."""
    for name in names:
        shutil.copytree(CLASS / name, folder / "class" / name)
    return list(grade(folder / "class", folder / "out"))


def a_class(count: int, right: list[Result], failing: list[Result]) -> list[Result]:
    """`count` students, every third with failures."""
    chosen = [failing[i // 3 % len(failing)] if i % 3 == 0 else right[i % len(right)] for i in range(count)]
    return [replace(result, student=f"student{i:05}") for i, result in enumerate(chosen)]


def processor_seconds() -> float:
    """Of this process and of those that it waited for: what a machine shared with others cannot blur."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def seconds_to_open(path: Path) -> tuple[float, float] | None:
    """Seconds until a page is loaded and takes a key, and of one sort and one search; None without Chromium."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if chromium is None:
        return None
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        started = time.perf_counter()
        page.goto(path.as_uri())
        page.locator("#search").focus()
        page.keyboard.type("s")
        page.locator("#found:not(:empty)").wait_for()
        opened = time.perf_counter() - started
        started = time.perf_counter()
        page.locator("#class thead button").nth(1).click()
        page.keyboard.press("Enter")
        page.evaluate("document.body.offsetHeight")
        used = time.perf_counter() - started
        browser.close()
    return opened, used


def main(count: int) -> None:
    """Print seconds, bytes and the seconds of the class page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        right, failing = records(folder / "right", RIGHT), records(folder / "failing", FAILING)
        students = a_class(count, right, failing)
        for level in (Reveal.HINT, Reveal.FULL):
            started, used = time.perf_counter(), processor_seconds()
            write_pages(students, folder / level, "The course", level)
            seconds, used = time.perf_counter() - started, processor_seconds() - used
            sizes = [path.stat().st_size for path in (folder / level / "feedback").glob("*.html")]
            print(
                f"reveal = {level}: {count} pages, JSON and the class page in {seconds:.1f} s on {os.cpu_count()} cores "
                f"({used:.1f} s of the processor); a page has {statistics.median(sizes) / 1000:.0f} kB at the median, {max(sizes) / 1000:.0f} kB at most"
            )
        page = folder / "index.html"
        started = time.perf_counter()
        page.write_text(class_page(a_class(2 * count, right, failing), "The course"))
        seconds = time.perf_counter() - started
        print(f"class page of {2 * count}: made in {seconds:.1f} s, {page.stat().st_size / 1000:.0f} kB")
        found = seconds_to_open(page)
        if found is None:
            print("not opened: Chromium or Playwright is not installed")
        else:
            print(f"opened and searched in {found[0]:.2f} s, sorted twice in {found[1]:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
