"""What is wrong with a trace file, in one line."""

from attrs import define

from models.render import one_line

LONGEST = 80
"""How many characters of what stands in a file are repeated in a complaint."""


@define(slots=False)
class TraceError(Exception):
    """A trace that cannot be used: which file, where in it, what is wrong, what was expected."""

    file: str
    """The file, as its user named it."""
    place: str
    """Where in the file: its line, or the keys that lead there; empty when it is the file as a whole."""
    what: str
    """What is wrong."""
    expected: str
    """What would have been right."""

    def __str__(self) -> str:
        where = f":{self.place}" if self.place[:1].isdigit() else f": {self.place}"
        place = where if self.place else ""
        return one_line(f"{self.file}{place}: {self.what}; expected {self.expected}")


def shortened(text: str) -> str:
    """What stands in a file, or its beginning."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
