"""A statement as a page for any browser: its formulas drawn, nothing fetched."""

import html

from autograder.feedback.markdown import markdown

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.55 system-ui, sans-serif; }
h1, h2 { line-height: 1.25; }
h2 { margin-top: 2.2rem; }
pre { overflow: auto hidden; padding: 0.7rem 0.9rem; border: 1px solid #8886; border-radius: 0.4rem; }
code { font: 0.92em/1.45 ui-monospace, monospace; }
table { border-collapse: collapse; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid #8886; text-align: left; vertical-align: top; }
math[display="block"] { margin: 0.9rem 0; overflow: auto hidden; }
"""


def statement_page(title: str, statement: str) -> str:
    """The page.

    Args:
        title: of the window.
        statement: in Markdown, with formulas between dollars.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{markdown(statement)}</main>
</body>
</html>
"""
