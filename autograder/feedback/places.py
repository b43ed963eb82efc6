"""Where something stands in a student's code, in words."""


def place(file: str, line: int) -> str:
    """A line of a module, or of a notebook's cell. A running notebook's own names for cells tell nobody anything.

    >>> place("smooth_ap.py", 3), place("cell 5", 3)
    ('line 3 of smooth_ap.py', 'cell 5, line 3')
    """
    if "ipykernel" in file or file.startswith("<"):
        return f"line {line} of its cell"
    return f"line {line} of {file}" if file.endswith(".py") else f"{file}, line {line}"


def raised_text(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
