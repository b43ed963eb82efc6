"""The sizes of a check's cases."""

from autograder.errors import AuthoringError


def growing(cases: int, largest: int) -> tuple[int, ...]:
    """`cases` sizes from 1 to `largest`, growing evenly in ratio.

    >>> growing(5, 16)
    (1, 2, 4, 8, 16)
    """
    if cases < 1 or largest < 1:
        raise AuthoringError(f"{cases} cases up to size {largest}: both must be at least 1")
    if cases == 1:
        return (largest,)
    return tuple(round(largest ** (index / (cases - 1))) for index in range(cases))
