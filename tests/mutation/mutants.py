"""Mutants and their fates, as mutmut leaves them in its folder.

Mutmut numbers the mutants of a function, and the numbers change when the function does. So a mutant
is named here by its function and by the lines that it changes.
"""

import ast
import json
from collections.abc import Iterator
from difflib import ndiff
from enum import Enum
from pathlib import Path

from attrs import frozen


class Fate(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    """A test fails."""
    STOPPED = "stopped"
    """It ran out of time, memory or stack."""
    SURVIVED = "survived"
    """No test fails, or no test runs it."""
    UNCHECKED = "unchecked"
    """Nobody has tried yet."""


FATES = {
    **dict.fromkeys((1, 3), Fate.KILLED),
    **dict.fromkeys((36, 24, -24, 152, 255, -9, -11), Fate.STOPPED),
    **dict.fromkeys((0, 5, 33), Fate.SURVIVED),
}
"""The fates that mutmut writes as exit codes; any other code says nothing."""


@frozen
class Mutant:
    """A function with one thing changed in it."""

    function: str
    """The function or method, with its module and class."""
    was: str
    """The lines that are changed."""
    becomes: str
    """What they become."""
    fate: Fate
    """What became of it."""


@frozen
class SourceFile:
    """A file of the specification, and its mutants."""

    path: str
    """The file, from the root of the project."""
    functions: tuple[str, ...]
    """All its functions and methods, in the order of the file."""
    mutants: tuple[Mutant, ...]
    """Its mutants, in the order of the file."""

    @property
    def unmutated(self) -> tuple[str, ...]:
        """The functions that have no mutants."""
        mutated = {mutant.function for mutant in self.mutants}
        return tuple(name for name in self.functions if name not in mutated)


def read_files(root: Path, folders: tuple[str, ...]) -> tuple[SourceFile, ...]:
    """The files of some folders, with the mutants that mutmut has made of them."""
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return tuple(read_file(root, path.relative_to(root)) for path in paths)


def read_file(root: Path, path: Path) -> SourceFile:
    """A file, with the mutants that mutmut has made of it."""
    found = root / "mutants" / path
    meta = found.with_name(found.name + ".meta")
    codes: dict[str, int | None] = {}
    if meta.is_file():
        codes = json.loads(meta.read_bytes())["exit_code_by_key"]
    texts = dict(_functions(found.read_text(encoding="utf-8"))) if codes else {}
    module = _module(path)
    mutants = (
        _mutant(module, name.rpartition(".")[2], code, texts) for name, code in codes.items()
    )
    return SourceFile(path.as_posix(), functions_of(root, path), tuple(mutants))


def functions_of(root: Path, path: Path) -> tuple[str, ...]:
    """The functions and methods of a file, with its module and their classes."""
    found = _functions((root / path).read_text(encoding="utf-8"))
    return tuple(f"{_module(path)}.{name}" for name, _ in found)


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _mutant(module: str, name: str, code: int | None, texts: dict[str, str]) -> Mutant:
    """A mutant from its name (`x_f__mutmut_3`, or with its class `xǁCǁf__mutmut_3`) and its fate."""
    mangled, _, _ = name.rpartition("__mutmut_")
    owner, _, function = mangled.removeprefix("x").removeprefix("ǁ").rpartition("ǁ")
    plain = f"{owner}.{function}" if owner else function.removeprefix("_")
    within = f"{owner}." if owner else ""
    was, becomes = changed(
        texts[f"{within}{mangled}__mutmut_orig"].replace(f"{mangled}__mutmut_orig", function),
        texts[f"{within}{name}"].replace(name, function),
    )
    fate = FATES.get(code, Fate.UNCHECKED) if code is not None else Fate.UNCHECKED
    return Mutant(f"{module}.{plain}", was, becomes, fate)


def changed(original: str, mutated: str) -> tuple[str, str]:
    """The lines that differ between two texts, as they are in the one and in the other."""
    lines = list(
        ndiff(
            [line.strip() for line in original.splitlines()],
            [line.strip() for line in mutated.splitlines()],
        )
    )
    gone, new = ([line[2:] for line in lines if line.startswith(mark)] for mark in ("- ", "+ "))
    return "\n".join(gone), "\n".join(new)


def _functions(text: str) -> Iterator[tuple[str, str]]:
    """The functions of a module and the methods of its classes: their names and their texts."""
    lines = text.splitlines()
    for node in ast.parse(text).body:
        owner, body = (
            (f"{node.name}.", node.body) if isinstance(node, ast.ClassDef) else ("", [node])
        )
        for each in body:
            if isinstance(each, ast.FunctionDef):
                yield owner + each.name, "\n".join(lines[each.lineno - 1 : each.end_lineno])
