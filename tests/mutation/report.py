"""What mutation testing has shown: a table, the survivors, and a verdict."""

from collections.abc import Iterator

from attrs import frozen

from tests.mutation.listed import Listed, errors
from tests.mutation.mutants import Fate, Mutant, SourceFile

COLUMNS = ("mutants", "killed", "stopped", "survived", "equivalent", "unchecked", "score")


@frozen
class Tally:
    """How many mutants there are, by what became of them."""

    killed: int = 0
    """A test fails."""
    stopped: int = 0
    """They ran out of time, memory or stack, which nobody overlooks."""
    survived: int = 0
    """No test tells them from the original, and no reason is given."""
    equivalent: int = 0
    """No test can, for a reason that is listed."""
    unchecked: int = 0
    """Nobody has tried yet."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.killed + other.killed,
            self.stopped + other.stopped,
            self.survived + other.survived,
            self.equivalent + other.equivalent,
            self.unchecked + other.unchecked,
        )

    @property
    def score(self) -> float | None:
        """The part that is found out of all that could be, in per cent; nothing of nothing."""
        found = self.killed + self.stopped
        judged = found + self.survived
        return 100 * found / judged if judged else None

    def row(self) -> tuple[str, ...]:
        """The tally as it stands in the table."""
        fates = (self.killed, self.stopped, self.survived, self.equivalent, self.unchecked)
        score = "-" if self.score is None else f"{self.score:.1f}%"
        return (*(str(number) for number in (sum(fates), *fates)), score)


@frozen
class Report:
    """What is printed, and whether it is good enough."""

    lines: tuple[str, ...]
    """What is printed."""
    passed: bool
    """Whether every mutant was checked, enough were found out, and the list is right."""


def report(files: tuple[SourceFile, ...], listed: Listed, enough: float) -> Report:
    """What has become of the mutants of some files."""
    tallies = {file.path: _tally(file.mutants, listed) for file in files if file.mutants}
    total = sum(tallies.values(), Tally())
    wrong = errors(listed, files)
    passed = not wrong and not total.unchecked and total.score is not None and total.score >= enough
    lines = (
        *_table({**tallies, "total": total}),
        *(f"survived: {_told(mutant)}" for mutant in _survivors(files, listed)),
        *(f"without mutants: {entry.function}: {entry.why}" for entry in listed.unmutated),
        *(f"error: {line}" for line in wrong),
        f"{'passed' if passed else 'failed'}: {_reason(total, enough)}",
    )
    return Report(lines, passed)


def _reason(total: Tally, enough: float) -> str:
    if total.unchecked:
        return f"{total.unchecked} mutants are still to be checked; run this again to go on"
    score = "there are no mutants" if total.score is None else f"the score is {total.score:.1f}%"
    return f"{score}, and {enough}% is asked for"


def _table(tallies: dict[str, Tally]) -> Iterator[str]:
    width = max(len(path) for path in tallies)
    for name, cells in (("", COLUMNS), *((path, each.row()) for path, each in tallies.items())):
        yield name.ljust(width) + "".join(cell.rjust(11) for cell in cells)


def _tally(mutants: tuple[Mutant, ...], listed: Listed) -> Tally:
    fates = [mutant.fate for mutant in mutants]
    justified = sum(_justified(mutant, listed) for mutant in mutants)
    return Tally(
        fates.count(Fate.KILLED),
        fates.count(Fate.STOPPED),
        fates.count(Fate.SURVIVED) - justified,
        justified,
        fates.count(Fate.UNCHECKED),
    )


def _survivors(files: tuple[SourceFile, ...], listed: Listed) -> Iterator[Mutant]:
    for file in files:
        for mutant in file.mutants:
            if mutant.fate is Fate.SURVIVED and not _justified(mutant, listed):
                yield mutant


def _justified(mutant: Mutant, listed: Listed) -> bool:
    """Whether a mutant survives for a reason that is listed."""
    fitting = any(entry.fits(mutant) for entry in listed.equivalent)
    return fitting and mutant.fate is Fate.SURVIVED


def _told(mutant: Mutant) -> str:
    return f"{mutant.function}\n    - {mutant.was}\n    + {mutant.becomes}"
