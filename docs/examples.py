"""The commands in the manual and the README: each is run, and its output compared.

A `console` block holds commands, each a line that begins with `$ `, and what they print. They run in
the folder of the scenarios; `< FILE` gives them a file of it to read. `$ echo $?` asks for the exit code of the command before it; of an output
that is cut, a line `...` stands for the lines left out. Only durations may differ.

    python -m docs.examples           write what the commands print now into the pages
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from attrs import frozen

DOCS = Path(__file__).resolve().parent
"""The folder of the manual."""

SCENARIOS = DOCS / "scenarios"
"""Where commands run."""

BLOCK = re.compile(r"^```(?:\{code-block\} )?console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block of commands in Markdown."""

DURATION = re.compile(r'\d+\.\d+ s\b|(?<="seconds": )\d+(?:\.\d+)?')
"""What may differ from run to run."""

GAP = "..."
"""The line that stands for lines left out."""


@frozen
class Example:
    """A command and what it prints, as a page says."""

    page: Path
    """The page."""
    command: str
    """The command, without the prompt."""
    output: str
    """What it prints."""


def pages() -> list[Path]:
    """The pages that may hold examples."""
    return [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> Iterator[tuple[Example, ...]]:
    """The examples of a page, block by block."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        parts = re.split(r"^\$ (.*)\n", block[1], flags=re.MULTILINE)
        if parts[0]:
            raise ValueError(f"{page.name}: the block begins without a command: {parts[0]!r}")
        yield tuple(map(Example, [page] * len(parts), parts[1::2], parts[2::2]))


def run(examples: tuple[Example, ...]) -> tuple[str, ...]:
    """What the commands of a block print, one after the other."""
    outputs: list[str] = []
    code = 0
    with TemporaryDirectory() as folder:
        place = copytree(SCENARIOS, Path(folder) / "scenarios")
        for example in examples:
            if example.command == "echo $?":
                outputs.append(f"{code}\n")
            else:
                done = treadle(example.command, place)
                code = done.returncode
                outputs.append(done.stdout + done.stderr)
    return tuple(outputs)


def treadle(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder as a user would, on a terminal of a fixed width without colours."""
    command, _, file = command.partition(" < ")
    word, *arguments = command.split()
    if word != "treadle":
        raise ValueError(f"only treadle and echo $? can be run, not {command!r}")
    ours = ("PYTHON", "GITHUB")
    outer = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(  # noqa: S603  # commands out of our own pages
        [sys.executable, "-P", str(DOCS.parent / "treadle.py"), *arguments],
        cwd=place,
        input=(place / file).read_text(encoding="utf-8") if file else "",
        env={**outer, "COLUMNS": "92", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def plain(output: str) -> str:
    """An output without durations, and without blanks at the ends of lines."""
    lines = (DURATION.sub("0.0 s", line).rstrip() for line in output.splitlines())
    return "\n".join(lines).rstrip()


def agrees(said: str, printed: str) -> bool:
    """Whether what a page says is what was printed, but for lines left out."""
    pieces = f"\n{plain(said)}\n".split(f"\n{GAP}\n")
    printed = f"\n{plain(printed)}\n"
    if not (printed.startswith(pieces[0]) and printed.endswith(pieces[-1])):
        return False
    at = 0
    for piece in pieces:
        found = printed.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(pieces) > 1 or pieces[0] == printed


def rewrite(page: Path) -> None:
    """Write what the commands print now into a page; blocks with lines left out stay."""
    text = page.read_text(encoding="utf-8")
    new = text
    for block, found in zip(BLOCK.finditer(text), blocks(page), strict=True):
        printed = run(found)
        said = "".join(
            f"$ {example.command}\n"
            + (example.output if agrees(example.output, output) else tidy(output))
            for example, output in zip(found, printed, strict=True)
        )
        new = new.replace(block[1], said)
    if new != text:
        page.write_text(new, encoding="utf-8")


def tidy(output: str) -> str:
    """An output as it stands in a page."""
    text = "\n".join(line.rstrip() for line in output.splitlines()).rstrip()
    return f"{text}\n" if text else ""


if __name__ == "__main__":
    for each in pages():
        rewrite(each)
