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
from typing import TYPE_CHECKING

from msgspec.structs import replace

from autograder.feedback.pages import class_page, write_pages
from autograder.grading.run import grade
from autograder.judging.levels import Reveal
from autograder.records.record import Result

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

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


def main_thread_seconds(session: "CDPSession") -> float:
    """What the page's main thread has used of the processor."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime"))


def seconds_to_open(path: Path) -> list[tuple[float, float]] | None:
    """Seconds by the wall, and of the page's main thread: until it is loaded and searched, and to sort it by total.

    None without Chromium.
    """
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
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        started = time.perf_counter()
        page.goto(path.as_uri())
        page.locator("#search").focus()
        page.keyboard.type("s")
        page.locator("#found:not(:empty)").wait_for()
        opened, busy = time.perf_counter() - started, main_thread_seconds(session)
        started = time.perf_counter()
        page.locator("#class thead button").nth(1).click()
        page.evaluate("document.body.offsetHeight")
        used = time.perf_counter() - started, main_thread_seconds(session) - busy
        browser.close()
    return [(opened, busy), used]


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
                f"reveal = {level}: {count} students in {seconds:.1f} s on {os.cpu_count()} cores ({used:.1f} s of the "
                f"processor); {statistics.median(sizes) / 1000:.0f} kB a page at the median, "
                f"{max(sizes) / 1000:.0f} kB at most"
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
            for what, (seconds, busy) in zip(("opened and searched", "sorted"), found, strict=True):
                print(f"{what} in {seconds:.2f} s (main thread {busy:.2f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
