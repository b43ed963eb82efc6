"""The outcome of an audit of the engine: how many mutants its tests noticed, by module, and which they did not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.engine_audit.excuses import Excuse, GeneralExcuse
from tests.engine_audit.running import Tried

# The share of the mutants, without the excused ones, that must be noticed: of all, and of each module of which at
# least so many were tried.
SHARE, MANY = 0.95, 20


class Row(msgspec.Struct, frozen=True):
    """One module, or all: how many mutants were tried, noticed, and excused."""

    name: str
    tried: int
    noticed: int
    excused: int

    @property
    def share(self) -> float:
        """Noticed of those that are not excused."""
        counted = self.tried - self.excused
        return self.noticed / counted if counted else 1.0


class Outcome(msgspec.Struct, frozen=True):
    """What an audit found: rows, every mutant, the survivors, the excused, and excuses that no survivor needs."""

    rows: tuple[Row, ...]
    tried: tuple[Tried, ...]
    survivors: tuple[Tried, ...]
    excused: tuple[tuple[Tried, Excuse | GeneralExcuse], ...]
    idle: tuple[Excuse, ...]

    @property
    def total(self) -> Row:
        """All modules together."""
        return _row("all", self.rows)

    @property
    def broken(self) -> list[str]:
        """What must be mended, in sentences."""
        found = [
            f"{row.name}: {row.share:.1%} are noticed, {SHARE:.0%} must be"
            for row in (*self.rows, self.total)
            if row.share < SHARE and (row.tried >= MANY or row.name == "all")
        ]
        found += [
            f"by hand, {each.mutant.module}: nobody notices {each.mutant.after!r} in place of {each.mutant.before!r}"
            for each in self.survivors
            if each.mutant.by_hand
        ]
        found += [
            f"{excuse.module}: no mutant that survives needs the excuse of {excuse.before!r}" for excuse in self.idle
        ]
        return found


def _row(name: str, rows: Sequence[Row]) -> Row:
    return Row(name, sum(r.tried for r in rows), sum(r.noticed for r in rows), sum(r.excused for r in rows))


def outcome(found: Iterable[Tried], excuses: Sequence[Excuse | GeneralExcuse], *, whole: Iterable[str] = ()) -> Outcome:
    """Count what was found.

    Args:
        found: mutants, and what became of them.
        excuses: those who need not be noticed.
        whole: modules of which every mutant was tried: an excuse of theirs must be needed.
    """
    by_module: dict[str, list[Tried]] = defaultdict(list)
    for each in found:
        by_module[each.mutant.module].append(each)
    survivors, excused, rows, tried = [], [], [], list[Tried]()
    for name, those in sorted(by_module.items()):
        count = 0
        tried += sorted(those, key=lambda one: (one.mutant.line, one.mutant.after))
        for each in tried[-len(those) :]:
            if each.trial.noticed is not None:
                continue
            excuse = next((one for one in excuses if one.covers(each.mutant)), None)
            if excuse is None:
                survivors.append(each)
            else:
                excused.append((each, excuse))
                count += 1
        rows.append(Row(name, len(those), sum(each.trial.noticed is not None for each in those), count))
    needed = {excuse for _, excuse in excused}
    own = [excuse for excuse in excuses if isinstance(excuse, Excuse) and excuse.module in set(whole)]
    idle = tuple(excuse for excuse in own if excuse not in needed)
    return Outcome(tuple(rows), tuple(tried), tuple(survivors), tuple(excused), idle)


def show(found: Outcome, console: Console) -> None:
    """Print it for people: the survivors, the table, and what must be mended."""
    for each in found.survivors:
        mutant = each.mutant
        where = f"autograder/{mutant.module.replace('.', '/')}.py, line {mutant.line}"
        console.print(f"survives: {where}, {mutant.function or 'at the top'}", style="bold")
        console.print(f"  {mutant.before}\n  {mutant.after}", markup=False, highlight=False, soft_wrap=True)
    table = Table("module", *("mutants", "noticed", "survive", "excused", "share"))
    for row in (*found.rows, found.total):
        left = row.tried - row.noticed - row.excused
        table.add_row(row.name, str(row.tried), str(row.noticed), str(left), str(row.excused), f"{row.share:.1%}")
    console.print(table)
    for line in found.broken:
        console.print(escape(line), soft_wrap=True)


def as_json(found: Outcome) -> bytes:
    """The outcome for programs: rows, and for each mutant where it stands, and which test noticed it."""
    rows = [{**msgspec.to_builtins(row), "share": round(row.share, 4)} for row in (*found.rows, found.total)]
    mutants = [
        {
            **{name: value for name, value in msgspec.to_builtins(each.mutant).items() if name != "source"},
            "noticed": each.trial.noticed,
            "seconds": round(each.trial.seconds, 3),
        }
        for each in found.tried
    ]
    return msgspec.json.format(msgspec.json.encode({"rows": rows, "mutants": mutants}), indent=2) + b"\n"
