"""Files that are there whole, or not at all."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DESCRIPTORS = Path("/proc/self/fd")
"""Where Linux shows files that are open, with a name or without."""


@contextmanager
def whole(path: Path) -> Generator[BinaryIO, None, None]:
    """A stream whose content stands at the path once it is complete; until then, what was there.

    Raises:
        OSError: the file cannot be written.
    """
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    with _nameless(path.parent) or _named(_beside(path)) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _name(file, _beside(path))
            _beside(path).replace(path)
        except BaseException:
            _beside(path).unlink(missing_ok=True)
            raise


def _beside(path: Path) -> Path:
    """The name that a file has just before it takes the place of another."""
    return path.with_name(f"{path.name}.part")


def _named(path: Path) -> BinaryIO:
    """A new file with a name: one that is killed meanwhile leaves it half-written."""
    return path.open("wb")


def _nameless(folder: Path) -> BinaryIO | None:
    """A new file without a name, which ends with its process; nothing where there are none such."""
    if not hasattr(os, "O_TMPFILE") or not _DESCRIPTORS.is_dir():
        return None
    with suppress(OSError):
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb")
    return None


def _name(file: BinaryIO, path: Path) -> None:
    """Give a complete file its name, if it has none."""
    if os.fstat(file.fileno()).st_nlink:
        return
    path.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Only the call that takes a folder follows the link that leads to the nameless file.
        os.link(_DESCRIPTORS / str(file.fileno()), path.name, dst_dir_fd=folder)
    finally:
        os.close(folder)
