"""Where in the text of a TOML file the characters of its strings stand.

The standard parser gives no places. This scanner finds them in a text that it has accepted: it only has
to tell headers, keys, strings, lists and tables apart, and refuses nothing.
"""

import re
import tomllib

from attrs import field, frozen

KeyPath = tuple[str | int, ...]
"""The keys and, in lists, the indexes from 0 that lead to a value."""

STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?""""{0,2}|\'\'\'.*?\'\'\'\'{0,2}|"(?:[^"\\]|\\.)*"|\'[^\']*\'', re.DOTALL
)
"""A string, its quotation marks with it."""

KEY_PART = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
"""One part of a dotted key."""

DOT = re.compile(r"[ \t]*\.[ \t]*")
"""What stands between the parts of a dotted key."""

BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
"""What says nothing: spaces, line ends, comments."""

SCALAR = re.compile(r"[^,\]}#\n]*")
"""A value that is no string, list or table, and the spaces behind it."""

ESCAPE = re.compile(
    r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[ \t]*\n[ \t\n]*|.)", re.DOTALL
)
"""A character of a string that is written with a backslash; or a line end that is left out."""


def offsets_of(text: str, path: KeyPath) -> tuple[int, ...]:
    """The offset of each character of the string at a path, and of its end; empty if there is none."""
    scanner = Scanner(text)
    scanner.document()
    span = scanner.strings.get(path)
    return () if span is None else offsets_in(text, *span)


def offsets_in(text: str, start: int, end: int) -> tuple[int, ...]:
    """The offset of each character that a string stands for, and of its end."""
    marks = 3 if text[start : start + 3] in ('"""', "'''") else 1
    offset, end = start + marks, end - marks
    if marks > 1 and text[offset] == "\n":
        offset += 1
    offsets: list[int] = []
    while offset < end:
        escape = None if text[start] == "'" else ESCAPE.match(text, offset)
        if escape is None:
            offsets.append(offset)
            offset += 1
        else:
            if "\n" not in escape[0]:
                offsets.append(offset)
            offset = escape.end()
    return (*offsets, end)


def bare(part: str) -> str:
    """The key that a part of a dotted key names."""
    (key,) = tomllib.loads(f"{part} = 0")
    return key


@frozen
class Scanner:
    """A walk through the text of a TOML file; every method takes an offset and returns the next one."""

    text: str
    """The text, which the standard parser accepts."""
    strings: dict[KeyPath, tuple[int, int]] = field(factory=dict[KeyPath, tuple[int, int]])
    """The strings found so far, from quotation mark to quotation mark."""
    counts: dict[KeyPath, int] = field(factory=dict[KeyPath, int])
    """The lengths so far of the lists that headers build."""

    def document(self) -> None:
        """Walk through the whole text."""
        prefix: KeyPath = ()
        offset = self.blank(0)
        while offset < len(self.text):
            if self.text[offset] == "[":
                prefix, offset = self.header(offset)
            else:
                offset = self.pair(prefix, offset)
            offset = self.blank(offset)

    def blank(self, offset: int) -> int:
        """Over spaces, line ends and comments."""
        blank = BLANK.match(self.text, offset)
        return blank.end() if blank else offset

    def header(self, offset: int) -> tuple[KeyPath, int]:
        """Over a header; the path of the table that it opens."""
        brackets = 2 if self.text.startswith("[[", offset) else 1
        parts, offset = self.key(self.blank(offset + brackets))
        path = self.table(parts[:-1])
        if brackets > 1:
            self.counts[*path, parts[-1]] = self.counts.get((*path, parts[-1]), 0) + 1
        return self.table(parts), self.blank(offset) + brackets

    def table(self, parts: tuple[str, ...]) -> KeyPath:
        """The path of a table that a header names: of a list it means the last one."""
        path: KeyPath = ()
        for part in parts:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def key(self, offset: int) -> tuple[tuple[str, ...], int]:
        """Over a dotted key; its parts."""
        parts: list[str] = []
        while part := KEY_PART.match(self.text, offset):
            parts.append(bare(part[0]))
            dot = DOT.match(self.text, part.end())
            if dot is None:
                return tuple(parts), part.end()
            offset = dot.end()
        return tuple(parts), offset

    def pair(self, prefix: KeyPath, offset: int) -> int:
        """Over a key, the equals sign and the value."""
        parts, offset = self.key(offset)
        return self.value((*prefix, *parts), self.blank(self.blank(offset) + 1))

    def value(self, path: KeyPath, offset: int) -> int:
        """Over a value."""
        if self.text[offset] == "[":
            return self.items(path, offset)
        if self.text[offset] == "{":
            return self.pairs(path, offset)
        string = STRING.match(self.text, offset)
        if string:
            self.strings[path] = (offset, string.end())
        found = string or SCALAR.match(self.text, offset)
        return found.end() if found else offset

    def items(self, path: KeyPath, offset: int) -> int:
        """Over a list."""
        index, offset = 0, self.blank(offset + 1)
        while self.text[offset] != "]":
            offset = self.blank(self.value((*path, index), offset))
            if self.text[offset] == ",":
                index, offset = index + 1, self.blank(offset + 1)
        return offset + 1

    def pairs(self, path: KeyPath, offset: int) -> int:
        """Over a table inside a line."""
        offset = self.blank(offset + 1)
        while self.text[offset] != "}":
            offset = self.blank(self.pair(path, offset))
            if self.text[offset] == ",":
                offset = self.blank(offset + 1)
        return offset + 1
