"""Text from students as people may read it: characters that hide, reorder or are no text stand as escapes.

It is for showing only. Names are made readable by `files.names.visible_name`, which keeps different names different.
"""

import re
import unicodedata

# Controls, formatting (bidirectional marks among them), surrogates, private use, unassigned, line separators.
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Most text is ASCII, where only the controls hide: then one pass of this says that nothing is to be done.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def visible(text: str, keep: str = "\n\t") -> str:
    """`text` with every hiding character written as an escape, except those in `keep`.

    >>> visible("a\\u202eb")
    'a\\\\u202eb'
    """
    if text.isascii():
        return _CONTROL.sub(lambda found: found[0] if found[0] in keep else _escape(found[0]), text)
    return "".join(
        _escape(character) if character not in keep and unicodedata.category(character) in _HIDING else character
        for character in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
