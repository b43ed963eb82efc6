"""Text from students as people may read it: characters that hide, reorder or are no text stand as escapes.

It is for showing only. Names are made readable by `submissions.names.visible`, which keeps different names different.
"""

import unicodedata

# Controls, formatting (bidirectional marks among them), surrogates, private use, unassigned, line separators.
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, keep: str = "\n\t") -> str:
    """`text` with every hiding character written as an escape, except those in `keep`.

    >>> visible("a\\u202eb")
    'a\\\\u202eb'
    """
    return "".join(
        character.encode("unicode_escape").decode()
        if character not in keep and unicodedata.category(character) in _HIDING
        else character
        for character in text
    )
