"""The pages in headless Chromium: no error, no request, keyboard, accessibility, narrow and dark screens, hostile text.

Debian's package `chromium` and the extra `browser` are needed; without them these tests are skipped.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.feedback.pages import write_pages
from autograder.feedback.remake import report
from autograder.files.names import safe_name
from autograder.grading.run import grade
from autograder.judging.levels import Reveal
from autograder.records.record import Result
from tests.needed import needed
from tests.repository import SAMPLE_CLASS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needed("playwright", "needs the extra browser: python -m pip install -e '.[browser]'")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")

CLASS = SAMPLE_CLASS / "submissions"
# Those of the sample class with something to see, without those that wait for a time limit.
SHOWN = "crashes mistakes_1 perfect_compact renamed_function syntax_error untouched_stub wrong_derivations wrong_shapes"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
HOSTILE = "<img src=http://tracker.example/x onerror=alert(1)>\u202e\x1b[31m</title><script>alert(2)</script>"
# Shown on the page: the name, the path, an exception's text and line, the code itself, a returned text, Markdown.
HOSTILE_MODULE = """
# </pre></details><script>alert(3)</script><img src=http://tracker.example/y onerror=alert(4)>
def kl_normal(mu_q, sigma_q, mu_p, sigma_p): raise ValueError("<script>alert(5)</script>\\u202e{{ 7 * 7 }}")
def kl_normal_grad(*a): return "<svg onload=alert(6)>"
def kl_normal_derivation(): return [("<script>alert(7)</script>", lambda *a: 1.0)] * 4
"""
HOSTILE_ANSWERS = """## 3. x
*Your answer:*
<script>alert(8)</script> ![x](http://tracker.example/z.png) [x](javascript:alert(9))
$\\text{<img src=http://tracker.example/m onerror=alert(10)>}$ <style>@import url(http://tracker.example/s)</style>
"""

Seen = list[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over part of the sample class and a hostile student, everything revealed, so that every part is shown."""
    root = tmp_path_factory.mktemp("browser")
    for name in SHOWN.split():
        shutil.copytree(CLASS / name, root / "class" / name)
    hostile = root / "class" / HOSTILE.replace("/", "_") / "a3_kl_normal"
    hostile.mkdir(parents=True)
    (hostile / "kl_normal.py").write_text(HOSTILE_MODULE)
    (hostile / "answers.md").write_text(HOSTILE_ANSWERS)
    grade(root / "class", root / "out")
    report(root / "out", reveal=Reveal.FULL)
    return root / "out" / "staff" / "full"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Loaded where it is used, as it takes its time.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture
def seen() -> Seen:
    """What a page did that it must not do: errors, requests, dialogs."""
    return []


def opened(browser: Any, path: Path, seen: Seen, **options: Any) -> Any:
    page = browser.new_context(**options).new_page()
    page.on("console", lambda message: seen.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("request", lambda request: seen.extend([] if request.url == path.as_uri() else [f"request: {request.url}"]))

    def dismiss(dialog: Any) -> None:
        seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.goto(path.as_uri())
    # What a page hides until a click may hide a script, too.
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return page


def all_pages(folder: Path) -> list[Path]:
    pages = [folder / "index.html", *sorted((folder / "feedback").glob("*.html"))]
    assert len(pages) == len(SHOWN.split()) + 2, f"a page for everyone, and the class's: {pages}"
    return pages


@pytest.mark.slow
def test_no_error_and_no_request_on_any_page(folder: Path, browser: Any, seen: Seen) -> None:
    for path in all_pages(folder):
        page = opened(browser, path, seen)
        page.wait_for_timeout(50)
        assert not seen, f"{path.name}: {seen}"
        page.context.close()


# Between them these have every part that a page may have; a page where everything is wrong takes axe half a minute.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "names"),
    [("light", "index wrong_shapes wrong_derivations syntax_error"), ("dark", "index wrong_shapes")],
)
def test_axe_finds_no_serious_violation(folder: Path, browser: Any, seen: Seen, scheme: str, names: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra browser")
    for path in (each for each in all_pages(folder) if each.stem in names.split()):
        # The test's own script is put into the page, which the page's policy would refuse.
        page = opened(browser, path, seen, color_scheme=scheme, bypass_csp=True)
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        told = [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]
        serious = [line for line in told if line.startswith(("serious", "critical"))]
        assert not serious, f"{path.name} in {scheme}: {serious}"
        page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_cut_off(folder: Path, browser: Any, seen: Seen, width: int) -> None:
    for path in all_pages(folder):
        page = opened(browser, path, seen, viewport={"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path.name} is {wide} pixels wide on a screen of {width}"
        page.context.close()


@pytest.mark.slow
def test_what_a_student_wrote_is_shown_and_does_nothing(folder: Path, browser: Any, seen: Seen) -> None:
    (path,) = [p for p in all_pages(folder) if "tracker" in p.name]
    page = opened(browser, path, seen)
    page.wait_for_timeout(300)
    assert not seen, f"no dialog, no request, no error: {seen}"
    for tag in ("script", "img", "iframe", "object", "svg[onload]", "[onerror]", "[onclick]", "[style]"):
        assert page.locator(tag).count() == 0, f"there must be no {tag} on a student's page"
    text = page.inner_text("body")
    for shown in (
        "<script>alert(3)</script>",
        "<script>alert(5)</script>",
        "<svg onload=alert(6)>",
        "\\u202e",
        "{{ 7 * 7 }}",
    ):
        assert shown in text, f"{shown!r} must be shown as text"
    assert "\u202e" not in page.content(), "nothing may reorder what is read"
    page.context.close()
    page = opened(browser, folder / "index.html", seen)
    assert page.locator("script").count() == 1, "only our own script stands on the class page"
    assert page.locator("img").count() == 0, "and nothing of a student's"
    assert not seen, f"no dialog, no request, no error: {seen}"
    page.context.close()


@pytest.mark.slow
def test_even_markup_that_came_through_could_do_nothing(folder: Path, browser: Any, seen: Seen, tmp_path: Path) -> None:
    """The policy in each page is the second lock: a script and a picture that the test puts there are refused."""
    for source in all_pages(folder)[:2]:
        path = tmp_path / source.name
        attack = (
            "<script>alert(1)</script><img src='http://tracker.example/x' onerror='alert(2)'><b style='color:red'>x</b>"
        )
        path.write_text(source.read_text().replace("<footer", f"{attack}<footer"))
        page = opened(browser, path, seen)
        page.wait_for_timeout(200)
        refused = [line for line in seen if "Content Security Policy" in line]
        assert len(refused) >= 3, f"script, picture and style must be refused: {seen}"
        assert not [line for line in seen if line.startswith("dialog")], f"nothing ran: {seen}"
        seen.clear()
        page.context.close()


def order(page: Any, table: str = "#class") -> list[str]:
    names = page.locator(f"{table} tbody tr:visible th[scope=row]").all_inner_texts()
    return [name.strip() for name in names]


@pytest.mark.slow
def test_the_class_is_sorted_by_keyboard(folder: Path, browser: Any, seen: Seen) -> None:
    page = opened(browser, folder / "index.html", seen)
    before = order(page)
    total = page.locator("#class thead button").nth(1)
    total.focus()
    page.keyboard.press("Enter")
    scores = [float(t) for t in page.locator("#class tbody tr td:nth-child(2)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True), f"the best first: {scores}"
    assert page.locator("#class th[aria-sort=descending]").inner_text().startswith("Total"), "and it is said so"
    page.keyboard.press("Space")
    scores = [float(t) for t in page.locator("#class tbody tr td:nth-child(2)").all_inner_texts()]
    assert scores == sorted(scores), f"then the other way round: {scores}"
    assert page.locator("#class th[aria-sort]").count() == 1, "one order at a time"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert sorted(order(page)) == sorted(before), "no row is lost"
    assert order(page)[0] != before[-1], "sorted by name again"
    assert not seen, f"{seen}"
    page.context.close()


@pytest.mark.slow
def test_the_class_is_searched_by_keyboard(folder: Path, browser: Any, seen: Seen) -> None:
    page = opened(browser, folder / "index.html", seen)
    page.get_by_label("Search").focus()
    page.keyboard.type("Wrong_")
    assert order(page) == ["wrong_derivations", "wrong_shapes"], f"two fit: {order(page)}"
    assert page.get_by_role("status").inner_text() == f"2 of {len(SHOWN.split()) + 1}", (
        "how many, for a screen reader too"
    )
    page.keyboard.type(" shapes")
    assert order(page) == ["wrong_shapes"], f"all words must fit: {order(page)}"
    page.keyboard.press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent") == "wrong_shapes":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wrong_shapes.html")
    assert page.inner_text("h1") == "wrong_shapes", "the link leads to the student's page"
    page.context.close()


@pytest.mark.slow
def test_pages_are_whole_without_script(folder: Path, browser: Any, seen: Seen) -> None:
    path = folder / "index.html"
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(path.as_uri())
    assert page.locator("#class tbody tr").count() == len(SHOWN.split()) + 1, "every student is there"
    assert not page.locator("#search").is_visible(), "nothing is offered that would not work"
    page.context.close()


@pytest.mark.slow
def test_pictures_and_formulas_are_drawn(folder: Path, browser: Any, seen: Seen) -> None:
    page = opened(browser, folder / "feedback" / "mistakes_1.html", seen)
    smooth = page.locator("[id='a4_smooth_ap.smooth_ap']")
    assert smooth.locator("svg.plot .rightline").count() == 2, "over tau, and along a line of distances"
    assert page.locator("[id='a4_smooth_ap.smooth_ap_grad'] rect.given").count() > 1, "given against right"
    assert page.locator("math").count() > 5, "formulas are MathML"
    box = smooth.locator("svg.plot").first.bounding_box()
    assert box is not None
    assert box["width"] > 300 and box["height"] > 80, f"large enough to read: {box}"
    first = smooth.locator(":scope > *").nth(1)
    assert "hint" in (first.get_attribute("class") or ""), "the hint comes first"
    page.context.close()


@pytest.mark.slow
def test_a_name_that_no_address_can_hold_has_a_page(browser: Any, seen: Seen, tmp_path: Path) -> None:
    names = ["a b#c?d%e", "çelik ö", "=1+1", "x" * 300]
    records = [Result(name, 1.0, 2.0, ()) for name in names]
    write_pages(records, tmp_path, "course", Reveal.HINT)
    page = opened(browser, tmp_path / "index.html", seen)
    for place, name in enumerate(names):
        page.locator("#class tbody a").nth(place).click()
        page.wait_for_load_state()
        assert page.inner_text("h1") == name, f"{safe_name(name)} is {name}'s page"
        page.go_back()
    page.context.close()
