"""The filters by which nbgrader's pages show Markdown: what students wrote comes out clean, formulas as MathML.

nbgrader's templates pass Markdown and comments through unescaped; `HTMLExporter.sanitize_html` does not reach them.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from autograder.feedback.markdown import cleaned, markdown
from autograder.integrations.nbgrader.cell_ids import STAFF

# MathJax, which nbgrader's pages load, makes links of formulas (\href): it must not look at what students wrote.
_NO_MATHJAX = "tex2jax_ignore mathjax_ignore"
_IMAGE = re.compile(r"image/(png|jpeg|gif|webp)$")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*=*$")


@pass_context
def markdown2html(context: Context, source: str) -> Markup:
    """Markdown as clean HTML; below a cell's own text its images, and in formgrader what is for staff alone."""
    cell, resources = context.get("cell") or {}, context.get("resources") or {}
    parts = [str(markdown(source))]
    if source == cell.get("source"):
        parts += _images(cell.get("attachments") or {})
        # Only formgrader's pages name a submission by its id in the gradebook; feedback does not.
        if "submission_id" in resources and STAFF in cell.get("metadata", {}):
            parts.append(f'<div class="alert alert-info">{markdown(cell["metadata"][STAFF])}</div>')
    return Markup(f'<div class="{_NO_MATHJAX}">{"".join(parts)}</div>')  # noqa: S704  cleaned, piece by piece


def clean_html(element: str | bytes) -> Markup:
    """In place of nbconvert's own, which takes formulas and paragraphs for text."""
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
    return Markup(f'<div class="{_NO_MATHJAX}">{cleaned(text)}</div>')  # noqa: S704  cleaned


def _images(attachments: Mapping[str, Any]) -> Iterator[str]:
    for name, kinds in attachments.items():
        for kind, data in kinds.items():
            if _IMAGE.match(kind) and _BASE64.match(data):
                alt = html.escape(name)
                yield f'<p><img alt="{alt}" src="data:{kind};base64,{data}" style="max-width: 100%"></p>'
