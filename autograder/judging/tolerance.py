"""How close is right."""

import msgspec

from autograder.errors import WrongSettingError


class Tolerance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number is right when |got - expected| <= absolute + relative * |expected|."""

    relative: float
    absolute: float

    def __post_init__(self) -> None:
        for name in ("relative", "absolute"):
            if not getattr(self, name) >= 0:
                raise WrongSettingError((name,), f"is {getattr(self, name)}; a tolerance is 0 or more")
