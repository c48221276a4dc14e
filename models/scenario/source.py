"""The text of a scenario program: parsing it, and saying where in its file something stands."""

import ast
import re
import textwrap
import warnings
from typing import Protocol

from attrs import frozen

from models.scenario.errors import Position, ScenarioError

MAX_NESTING = 120
"""How deep expressions and statements may nest, in nodes of the syntax tree.

A sum of n terms nests n deep, and so does an `if` with n times `elif`.
"""

GRAMMAR = "a program in the small subset of Python that scenarios use"
"""What a text is expected to be that is not Python at all."""

LINE_END = re.compile(r"\r\n|\r|\n")
"""Where Python sees a line end."""


class Placed(Protocol):
    """A node of the syntax tree that knows where it stands."""

    @property
    def lineno(self) -> int:
        """The line, from 1."""
        ...

    @property
    def col_offset(self) -> int:
        """How many bytes of UTF-8 precede it in its line."""
        ...


@frozen
class Source:
    """A program's text as it stands in a file."""

    file: str
    """The file, as its user named it."""
    first_line: int
    """The line of the file in which the text begins."""
    text: str
    """The text without the indentation that all its lines share."""
    margin: int
    """How many characters of indentation that was."""

    def error(self, node: Placed, what: str, expected: str) -> ScenarioError:
        """The error that a node of the syntax tree stands for."""
        line = LINE_END.split(self.text)[node.lineno - 1]
        before = line.encode()[: node.col_offset].decode(errors="ignore")
        return self.error_at(node.lineno, len(before) + 1, what, expected)

    def error_at(self, line: int, column: int, what: str, expected: str) -> ScenarioError:
        """The error at a line and column of the text, both from 1."""
        place = Position(self.first_line + line - 1, self.margin + column)
        return ScenarioError(self.file, place, what, expected)


def read_source(text: str, file: str, first_line: int) -> Source:
    """The program's text, relieved of the indentation that all its lines share."""
    dedented = textwrap.dedent(text)
    pairs = zip(text.split("\n"), dedented.split("\n"), strict=True)
    margins = (len(before) - len(after) for before, after in pairs if after.strip())
    return Source(file, first_line, dedented, next(margins, 0))


def parse(source: Source) -> ast.Module:
    """The syntax tree of a program that is Python and does not nest too deep."""
    refuse_unreadable(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(source.text)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        raise source.error_at(line, column, f"syntax error: {error.msg}", GRAMMAR) from None
    refuse_deep(source, module)
    return module


def refuse_unreadable(source: Source) -> None:
    """Refuse the characters that Python's parser cannot read, at their place."""
    for number, line in enumerate(LINE_END.split(source.text), start=1):
        unreadable = re.search("[\0\ud800-\udfff]", line)
        if unreadable:
            what = f"the character {unreadable.group()!r} cannot be part of a program"
            raise source.error_at(number, unreadable.start() + 1, what, GRAMMAR)


def refuse_deep(source: Source, module: ast.Module) -> None:
    """Refuse a tree that nests deeper than allowed, at one of the nodes where it starts to."""
    level: list[ast.expr | ast.stmt] = list(module.body)
    for _ in range(MAX_NESTING):
        level = [child for node in level for child in parts(node)]
    if level:
        raise source.error(level[0], "the program nests too deep", nesting_limit())


def parts(node: ast.AST) -> list[ast.expr | ast.stmt]:
    """The expressions and statements directly inside a node."""
    return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr | ast.stmt)]


def nesting_limit() -> str:
    """What is expected of a program that nests too deep."""
    return f"at most {MAX_NESTING} levels, with long sums and long chains of elif split up"
