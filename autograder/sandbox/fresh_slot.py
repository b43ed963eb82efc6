"""A slot for what students may see of their own work: its server never holds a hidden case.

A process that was asked hidden cases could put their numbers into whatever it is asked next, and so could every process
forked from a server that has read them. Nothing passes from one slot to another: no memory, no file, no descriptor.
"""

import socket
from collections.abc import Mapping, Sequence

from autograder.sandbox.answers import Ended, SubmissionAnswers
from autograder.sandbox.call_plan import CallPlan
from autograder.sandbox.slot import Slot
from autograder.sandbox.slot_number import claimed_number
from autograder.sandbox.tiers import Tier


class FreshSlot:
    """A slot that is started when it is first needed: right submissions never need it.

    Args:
        tier: of isolation.
    """

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        self._slot: Slot | None = None
        self._claim: socket.socket | None = None

    def run(
        self,
        plan: CallPlan,
        files: Mapping[str, bytes],
        module: str,
        cells: Sequence[str],
        skip: dict[int, Ended],
        folders: Sequence[str] = (),
    ) -> SubmissionAnswers:
        """As `Slot.run`.

        Args:
            plan: that holds no hidden case.
            files: of the submission.
            module: to import.
            cells: of a notebook.
            skip: of this slot alone: what ends a process that knows hidden cases could spell them out.
            folders: names by which the files' folder may be imported as a package.

        Raises:
            SandboxError: the sandbox itself failed.
        """
        if self._slot is None:
            number, self._claim = claimed_number()
            self._slot = Slot(tier=self._tier, number=number)
        return self._slot.run(plan, files, module, cells, skip, folders)

    def close(self) -> None:
        """End its server, if it has one, and give its number back."""
        if self._slot is not None:
            self._slot.close()
        if self._claim is not None:
            self._claim.close()
        self._slot = self._claim = None
