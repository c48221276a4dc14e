"""What is wrong with a scenario, in one line."""

from attrs import define, frozen

from models.render import one_line


@frozen
class Position:
    """A place in a text file."""

    line: int
    """The line, from 1."""
    column: int
    """The character in the line, from 1."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@frozen
class TomlPlace:
    """A place among a TOML file's keys."""

    dotted: str
    """The key, its tables before it: `transaction[1].reads`."""

    def __str__(self) -> str:
        return f" {self.dotted}"


@define(slots=False)
class ScenarioError(Exception):
    """A scenario that cannot be used: which file, where in it, what is wrong, what was expected."""

    file: str
    """The file, as its user named it."""
    place: Position | TomlPlace | None
    """Where in the file; None when it is the file as a whole."""
    what: str
    """What is wrong."""
    expected: str
    """What would have been right."""

    def __str__(self) -> str:
        where = "" if self.place is None else f":{self.place}"
        return one_line(f"{self.file}{where}: {self.what}; expected {self.expected}")
