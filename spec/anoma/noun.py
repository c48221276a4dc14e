"""Nouns: their axes, their comparison at a price, and their text.

A noun is an atom, an int that is not negative, or a cell, a pair of nouns. Nouns are plain nested
pairs while a formula runs; whatever is kept between steps, equal and hashed, is their canonical
text (`NounText`), because Python hashes and compares nested tuples by recursion, and a noun may be
deeper than that reaches. Every function here walks with a stack of its own.
"""

import re
from collections.abc import Sequence
from typing import NewType, TypeAlias

Noun: TypeAlias = int | tuple["Noun", "Noun"]
"""An atom or a cell."""

Notation: TypeAlias = int | tuple["Notation", ...]
"""A noun as one writes it: brackets of any length, which nest to the right."""

NounText = NewType("NounText", str)
"""A noun's canonical text: equal nouns have equal texts."""

WORD = 64
"""Bits of an atom that are worth one unit of work."""

_TOKEN = re.compile(r"\s*(?:([\[\]])|0x([0-9a-f]+)(?![0-9a-z])|([0-9]{1,1000})(?![0-9a-z]))")
"""A bracket, a hexadecimal atom, or a decimal one (bounded, because long ones convert slowly)."""


def words(atom: int) -> int:
    """The full words of an atom: what arithmetic on it costs beyond a small one."""
    return atom.bit_length() // WORD


def path(axis: int) -> tuple[bool, ...]:
    """The turns from the root to an axis from 1 on: true to the tail, false to the head."""
    return tuple(turn == "1" for turn in f"{axis:b}"[1:])


def slash(axis: int, noun: Noun) -> Noun | None:
    """The noun at an axis (Nock's `/`), or nothing where there is none; axis 0 is nowhere."""
    if axis == 0:
        return None
    found = noun
    for to_tail in path(axis):
        if isinstance(found, int):
            return None
        found = found[1] if to_tail else found[0]
    return found


def edit(axis: int, new: Noun, noun: Noun) -> Noun | None:
    """The noun with another one at an axis (Nock's `#`), or nothing where there is no such axis."""
    if axis == 0:
        return None
    turns = path(axis)
    siblings: list[Noun] = []
    below = noun
    for to_tail in turns:
        if isinstance(below, int):
            return None
        head, tail = below
        siblings.append(head if to_tail else tail)
        below = tail if to_tail else head
    built = new
    for to_tail, sibling in zip(reversed(turns), reversed(siblings), strict=True):
        built = (sibling, built) if to_tail else (built, sibling)
    return built


def compare(left: Noun, right: Noun, limit: int) -> tuple[bool, int]:
    """Whether two nouns are equal, and the work it took, given up once it is over the limit.

    The work is one for each pair of cells looked at, heads first, up to the first difference, and
    the full words of the smaller of two atoms. It depends on the nouns alone, not on what they
    share in memory: a noun of few cells in memory can be exponentially large.
    """
    work = 0
    pairs = [(left, right)]
    while pairs and work <= limit:
        one, other = pairs.pop()
        if isinstance(one, int) and isinstance(other, int):
            work += words(min(one, other))
            if one != other:
                return False, work
        elif isinstance(one, tuple) and isinstance(other, tuple):
            work += 1
            pairs += [(one[1], other[1]), (one[0], other[0])]
        else:
            return False, work
    return not pairs, work


def weight(noun: Noun, limit: int) -> int:
    """The cells of a noun and the full words of its atoms, given up once over the limit."""
    found = 0
    parts = [noun]
    while parts and found <= limit:
        part = parts.pop()
        if isinstance(part, int):
            found += words(part)
        else:
            found += 1
            parts += part
    return found


def chain(parts: Sequence[Noun]) -> Noun:
    """The noun [a b c …] = [a [b [c …]]] of one or more parts."""
    built = parts[-1]
    for part in reversed(parts[:-1]):
        built = (part, built)
    return built


def noun(first: Notation, *rest: Notation) -> Noun:
    """Build the noun that tuples write as brackets: 1, (2, 3), 4 makes [1 [2 3] 4]."""
    done: list[Noun] = []
    todo: list[Notation | slice] = [(first, *rest)]
    while todo:
        item = todo.pop()
        if isinstance(item, slice):
            built = chain(done[item])
            del done[item]
            done.append(built)
        elif isinstance(item, tuple):
            if not item:
                raise ValueError("an empty bracket is no noun")
            todo.append(slice(-len(item), None))
            todo += reversed(item)
        elif item < 0:
            raise ValueError(f"an atom is not negative: {item}")
        else:
            done.append(item)
    return done.pop()


def write_noun(noun: Noun) -> NounText:
    """A noun's canonical text: brackets nest to the right, an atom over a word is hexadecimal."""
    written: list[str] = []
    todo: list[Noun | str] = [noun]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            written.append(item)
        elif isinstance(item, int):
            written.append(str(item) if item.bit_length() <= WORD else hex(item))
        else:
            written.append("[")
            todo.append("]")
            todo += reversed(_bracket(item))
    return NounText("".join(written))


def _bracket(cell: tuple[Noun, Noun]) -> list[Noun | str]:
    """What stands between the brackets of a cell."""
    between: list[Noun | str] = []
    rest: Noun = cell
    while isinstance(rest, tuple):
        head, rest = rest
        between += [head, " "]
    return [*between, rest]


def read_noun(text: str) -> Noun:
    """The noun that a text such as "[1 0x2 [3 4]]" stands for; a ValueError names the column."""
    end = len(text.rstrip())
    levels: list[list[Noun]] = [[]]
    at = 0
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"column {at + 1}: expected an atom or a bracket")
        bracket, hexadecimal, decimal = token.groups()
        if bracket == "[":
            levels.append([])
        elif bracket is None:
            levels[-1].append(int(hexadecimal, 16) if hexadecimal else int(decimal))
        elif len(levels) == 1 or len(levels[-1]) <= 1:
            raise ValueError(f"column {token.end()}: a bracket closes on less than two nouns")
        else:
            cell = chain(levels.pop())
            levels[-1].append(cell)
        at = token.end()
    if len(levels) != 1 or len(levels[0]) != 1:
        raise ValueError(f"column {end + 1}: expected one noun, and every bracket closed")
    return levels[0][0]


def canonical(text: str) -> NounText:
    """The canonical text of the noun that a text stands for."""
    return write_noun(read_noun(text))


def cord(text: str) -> int | None:
    """The atom whose bytes, least first, are the text in UTF-8; nothing where none leads back.

    A text that ends in NUL has none, since an atom has no leading zeros, nor has a lone surrogate.
    """
    encoded = text.encode("utf-8", "surrogatepass")
    atom = int.from_bytes(encoded, "little")
    return atom if cord_text(atom) == text else None


def cord_text(atom: int) -> str | None:
    """The text of a cord, or nothing when its bytes are not UTF-8."""
    encoded = atom.to_bytes((atom.bit_length() + 7) // 8, "little")
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError:
        return None
