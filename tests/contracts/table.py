"""The table of what was confirmed: a file that the command writes, and the manual shows."""

import csv
from collections.abc import Iterable
from pathlib import Path

from attrs import astuple, frozen

from tests.contracts.analysis import Analysis, Verdict
from tests.contracts.contract import Contract

FILE = Path(__file__).with_name("confirmed.csv")
"""Where the table is."""

HEADINGS = ("Claim", "Function", "Bound", "Verdict", "Paths")
"""What stands above its columns."""


@frozen
class Row:
    """What was recorded of a contract."""

    claim: str
    """Its name in words."""
    subject: str
    """The core that it is about."""
    bound: str
    """How much is claimed."""
    verdict: str
    """What CrossHair said."""
    paths: str
    """How many paths it followed; another version of it may follow others."""


def row_of(contract: Contract, analysis: Analysis) -> Row:
    """What is to be recorded of an analysis."""
    return Row(
        contract.sentence,
        contract.subject,
        contract.bound,
        analysis.verdict.value,
        str(analysis.paths),
    )


def read() -> tuple[Row, ...]:
    """What was recorded."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(Row(*cells) for cells in list(csv.reader(lines))[1:])


def write(rows: Iterable[Row]) -> None:
    """Record these rows."""
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([HEADINGS, *map(astuple, rows)])


def complaint(recorded: Row | None, now: Row) -> str | None:
    """What is wrong with a contract, compared with what was recorded; nothing if it is the same."""
    if recorded is None:
        return "is not recorded"
    if now.verdict != recorded.verdict:
        return f"was recorded as {recorded.verdict}, and is {now.verdict}"
    if (now.subject, now.bound) != (recorded.subject, recorded.bound):
        return "was recorded for another function or bound"
    return None


def complaint_about_broken(analysis: Analysis) -> str | None:
    """What is wrong where the wrong version is not refuted."""
    if analysis.verdict is Verdict.REFUTED:
        return None
    return f"does not refute the wrong version, which is {analysis.verdict.value}"
