"""Texts as cells of a table that spreadsheets open: none is taken for a formula, and each can be read back."""

import re

CHANGES_RECORDS = False

# A sign alone is no formula: platforms write "-" where there is nothing. The wide ones count in East Asian settings.
_BEGINS = r"'*[=+\-@\t\r\n＝＋－＠]."
# A spreadsheet that separates otherwise than the file splits a cell here, and quotation marks do not hinder it.
_SPLITS = r"(?<=[,;\t\r\n])"
_FORMULA = re.compile(rf"\A(?={_BEGINS})|{_SPLITS}(?='*[=+\-@＝＋－＠])", re.DOTALL)
_DEFUSED = re.compile(rf"\A'(?={_BEGINS})|{_SPLITS}'(?='*[=+\-@＝＋－＠])", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def defused(text: str) -> str:
    """A text of which no spreadsheet takes a part for a formula: an apostrophe stands before it. Numbers stay.

    >>> defused("=1+1"), defused("-3.5"), defused("-"), defused("anna"), defused("a;=1+1")
    ("'=1+1", '-3.5', '-', 'anna', "a;'=1+1")
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub("'", text)


def restored(text: str) -> str:
    """The text that `defused` was given.

    >>> restored("'=1+1"), restored("'anna'"), restored("a;'=1+1")
    ('=1+1', "'anna'", 'a;=1+1')
    """
    return _DEFUSED.sub("", text)
