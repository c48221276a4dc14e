"""A long search is kept in a file, so that it can go on later.

A checkpoint is a line of JSON that says what it is, the search as Python's `pickle` writes it, and the SHA-256 of all
that, so that a damaged one is never read. What is outside of the search (its world, its bounds, its listener) is not in it: it is given again by whoever goes on. Like all pickles,
a checkpoint from somebody else can do whatever it likes: go on only with your own.
"""

import hashlib
import json
import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from models.files import whole
from models.model import World
from spec import VERSION
from spec.formalism.canonical import Digest, digest

FORMAT = "treadle checkpoint 1"
"""The format of the files, with its version."""

_LONGEST = 1 << 12
"""How many bytes the first line has at most."""

_BLOCK = 1 << 20
"""How many bytes are read at a time."""

_UNFIT = (pickle.PickleError, AttributeError, ImportError, TypeError)
"""What `pickle` raises where a class cannot be found by its name, or a value cannot be written."""

Outside = Mapping[str, object]
"""What is not in a checkpoint, by name."""


class CheckpointError(Exception):
    """A checkpoint cannot be used; the message is one line."""


def write(path: Path, search: object, world: World, outside: Outside) -> None:
    """Keep a search in a file; whatever happens meanwhile, a whole one stands there afterwards.

    Raises:
        CheckpointError: the file cannot be written.
    """
    header = {"format": FORMAT, "treadle": VERSION, "world": digest_of(world)}
    try:
        with whole(path) as file:
            hashed = _Hashed(file)
            hashed.write(json.dumps(header).encode() + b"\n")
            _Pickler(hashed, {**_parts(world), **outside}).dump(search)
            file.write(hashed.sum.hexdigest().encode())
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be written: {error.strerror}") from error
    except _UNFIT as error:
        raise CheckpointError(f"{path}: this model cannot be kept: {error}") from error


def read(path: Path, world: World, outside: Outside) -> Any:
    """The search that a file holds, in this world and with these things from outside.

    Raises:
        CheckpointError: the file is no whole checkpoint of this world by this version.
    """
    try:
        with path.open("rb") as file:
            header = _header(file.readline(_LONGEST))
            start = file.tell()
            _refuse_others(path, header, world)
            if not _whole(file):
                raise CheckpointError(f"{path}: damaged or cut short; expected a whole checkpoint")
            file.seek(start)
            return _Unpickler(file, {**_parts(world), **outside}).load()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error
    except _UNFIT as error:
        raise CheckpointError(f"{path}: its values are not those of the model: {error}") from error


def digest_of(world: World) -> Digest:
    """What stands for a world: its start, its rules with their versions, its network and its properties."""
    system = world.system
    rules = tuple(
        (name, tuple((str(rule.id), rule.version) for rule in system.families[name].rules))
        for name in sorted(system.families)
    )
    properties = tuple(each.name for each in world.properties)
    return digest((world.state, rules, system.discipline.name, system.faults, properties))


def _header(line: bytes) -> dict[str, object]:
    """What the first line of a file says; nothing if it is none of a checkpoint."""
    try:
        header: object = json.loads(line)
    except ValueError:
        return {}
    return cast("dict[str, object]", header) if isinstance(header, dict) else {}


def _refuse_others(path: Path, header: dict[str, object], world: World) -> None:
    """Raise where a file is no checkpoint of this world by this version."""
    if header.get("format") != FORMAT:
        raise CheckpointError(f"{path}:1: not a checkpoint; expected a file of {FORMAT!r}")
    if header.get("treadle") != VERSION:
        raise CheckpointError(
            f"{path}:1: written by treadle {header.get('treadle')}, not {VERSION}"
        )
    if header.get("world") != digest_of(world):
        raise CheckpointError(f"{path}:1: the checkpoint of another model, or of other parameters")


def _whole(file: BinaryIO) -> bool:
    """Whether a file ends with the sum of what stands before."""
    end = file.seek(0, os.SEEK_END) - hashlib.sha256().digest_size * 2
    file.seek(0)
    found = hashlib.sha256()
    while file.tell() < end:
        found.update(file.read(min(_BLOCK, end - file.tell())))
    return file.read() == found.hexdigest().encode()


def _parts(world: World) -> dict[str, object]:
    """What belongs to the world, by name."""
    properties = {f"property {place}": each for place, each in enumerate(world.properties)}
    return {"world": world, "system": world.system, **properties}


class _Hashed:
    """A file that sums up what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Write some bytes."""
        self.sum.update(data)
        return self._file.write(data)


class _Pickler(pickle.Pickler):
    """Writes a name where something from outside stands."""

    def __init__(self, file: _Hashed, outside: Outside) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(each): name for name, each in outside.items()}

    def persistent_id(self, each: object) -> str | None:
        """The name of a thing from outside."""
        return self._names.get(id(each))


class _Unpickler(pickle.Unpickler):
    """Puts the thing from outside where its name stands."""

    def __init__(self, file: BinaryIO, outside: Outside) -> None:
        super().__init__(file)
        self._outside = outside

    def persistent_load(self, name: str) -> object:
        """The thing from outside that has this name."""
        return self._outside[name]
