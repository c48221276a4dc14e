"""What was left behind of a model that does not hold, and what to do with it."""

import shlex
from pathlib import Path

from attrs import frozen
from rich.console import Console
from rich.text import Text

from models.render import one_line
from models.terminal import show_text

NEXT = "Take the run again, step through it, or make a test of it:"
"""What to do with a trace."""

VERBS = ("replay", "step", "pin")
"""The verbs that do it."""

SMALLER = "A smaller scenario that breaks the same:"
"""What to look at besides."""


@frozen
class Kept:
    """What was left behind of one model."""

    folder: Path
    """Where."""
    traces: tuple[Path, ...] = ()
    """The traces of its violations, the gravest first."""
    smaller: Path | None = None
    """A smaller scenario that breaks the gravest, if one was found."""
    diagram: str = ""
    """The run that breaks the gravest, as a Mermaid diagram; nothing where it is too long."""
    others: tuple[Path, ...] = ()
    """All other files."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, sorted."""
        smaller = () if self.smaller is None else (self.smaller,)
        return tuple(sorted((*self.traces, *smaller, *self.others)))


def advice(kept: Kept) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What to do with what was left behind: in words, and as commands."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if kept.traces:
        found.append((NEXT, tuple(_command(verb, kept.traces[0]) for verb in VERBS)))
    if kept.smaller is not None:
        found.append((SMALLER, (_command("check", kept.smaller),)))
    return tuple(found)


def show_advice(kept: Kept, out: Console) -> None:
    """Show what to do with what was left behind; commands are never broken into lines."""
    for words, commands in advice(kept):
        out.print()
        out.print(Text(words))
        for command in commands:
            out.print(Text(f"  {command}"), soft_wrap=True)


def show_kept(kept: Kept, out: Console) -> None:
    """Show what was left behind, and what to do with it."""
    out.print()
    names = ", ".join(file.name for file in kept.files)
    show_text(f"Left in {kept.folder}: {names}", out, "")
    show_advice(kept, out)


def _command(verb: str, file: Path) -> str:
    return one_line(f"treadle {verb} {shlex.quote(str(file))}")
