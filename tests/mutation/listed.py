"""The list of what the score leaves out, one line of reason each: `equivalents.toml`."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.mutation.mutants import Fate, Mutant, SourceFile


@frozen
class Equivalent:
    """A mutant that does what the original does."""

    function: str
    """The function or method, with its module and class."""
    was: str
    """The lines that are changed."""
    becomes: str
    """What they become."""
    why: str
    """Why nobody can tell the two apart."""

    def fits(self, mutant: Mutant) -> bool:
        """Whether this is about a mutant."""
        said = (self.function, self.was, self.becomes)
        return said == (mutant.function, mutant.was, mutant.becomes)


@frozen
class Unmutated:
    """A function that has no mutants."""

    function: str
    """The function or method, with its module and class."""
    why: str
    """Why it has none."""


@frozen
class Listed:
    """All that the score leaves out."""

    equivalent: tuple[Equivalent, ...] = ()
    """The mutants that nobody can tell from the original."""
    unmutated: tuple[Unmutated, ...] = ()
    """The functions that have no mutants."""


def read_listed(path: Path) -> Listed:
    """The list in a file."""
    document: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Listed(
        tuple(Equivalent(**entry) for entry in document.get("equivalent", ())),
        tuple(Unmutated(**entry) for entry in document.get("unmutated", ())),
    )


def errors(listed: Listed, files: tuple[SourceFile, ...]) -> tuple[str, ...]:
    """What the list says that is not so, and what it should say and does not."""
    return (
        *_stale_equivalents(listed, [mutant for file in files for mutant in file.mutants]),
        *_wrong_unmutated(listed, [name for file in files for name in file.unmutated]),
    )


def _stale_equivalents(listed: Listed, mutants: list[Mutant]) -> Iterator[str]:
    for entry in listed.equivalent:
        fates = {mutant.fate for mutant in mutants if entry.fits(mutant)}
        about = f"{entry.function}: {entry.was!r} -> {entry.becomes!r}"
        if not fates:
            yield f"listed as equivalent, but there is no such mutant: {about}"
        elif fates & {Fate.KILLED, Fate.STOPPED}:
            yield f"listed as equivalent, but it is found out: {about}"


def _wrong_unmutated(listed: Listed, found: list[str]) -> Iterator[str]:
    said = [entry.function for entry in listed.unmutated]
    for name in said:
        if name not in found:
            yield f"listed as without mutants, but has some, or is gone: {name}"
    for name in found:
        if name not in said:
            yield f"has no mutants, and the list does not say why: {name}"
