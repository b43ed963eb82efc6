"""The kinds of checks, a module each: declaration, cases, calls of the sandbox, judgement, generic wrong versions.

Another package adds one by an entry point of the group `autograder.kinds`, which names its subclass of `Kind`.
"""

from autograder.authoring.kinds.derivation import Derivation
from autograder.authoring.kinds.gradient import Gradient
from autograder.authoring.kinds.kind import Kind
from autograder.authoring.kinds.quiet import Quiet
from autograder.authoring.kinds.raises import Raises
from autograder.authoring.kinds.training import Training
from autograder.authoring.kinds.untouched import Untouched
from autograder.authoring.kinds.value import Value
from autograder.errors import AuthoringError
from autograder.plugins import added, load

OWN: tuple[type[Kind], ...] = (Value, Gradient, Raises, Untouched, Quiet, Derivation, Training)


def kind_named(name: str) -> type[Kind]:
    """The kind of this name: one of ours, or of an installed package.

    Raises:
        AuthoringError: there is none.
    """
    found = {kind.name: kind for kind in OWN}
    if name in found:
        return found[name]
    others = added("kinds")
    if name not in others:
        raise AuthoringError(f"there is no kind of check named {name!r}; there are {', '.join([*found, *others])}")
    kind = load("kinds", others[name])
    if not (isinstance(kind, type) and issubclass(kind, Kind)):
        raise AuthoringError(f"the kind of check {name!r} is no subclass of autograder.authoring.kinds.kind.Kind")
    return kind
