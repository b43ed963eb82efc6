"""Texts as cells of a table that spreadsheets open: none is taken for a formula, and each can be read back."""

import re

# A sign alone is no formula: platforms write "-" where there is nothing.
_FORMULA = re.compile(r"'*[=+\-@\t\r].", re.DOTALL)
_DEFUSED = re.compile(r"'+[=+\-@\t\r].", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?$")


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: where it would, an apostrophe stands before it. Numbers stay.

    >>> defused("=1+1"), defused("-3.5"), defused("-"), defused("anna")
    ("'=1+1", '-3.5', '-', 'anna')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def restored(text: str) -> str:
    """The text that `defused` was given.

    >>> restored("'=1+1"), restored("'anna'")
    ('=1+1', "'anna'")
    """
    return text[1:] if _DEFUSED.match(text) else text
