"""Where a verb writes what it makes: to standard output, or to a file."""

import sys
from pathlib import Path

from models.errors import unwritable
from models.files import whole


def write(text: str, file: Path | None) -> None:
    """Write a text to a file, all of it or nothing, or to standard output.

    Raises:
        InputError: it cannot be written.
    """
    if file is None:
        sys.stdout.write(text)
        return
    content = text.encode("utf-8", "backslashreplace")
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(content)  # a device keeps its place
            return
        with whole(file.resolve()) as stream:
            stream.write(content)
    except (OSError, ValueError) as error:
        raise unwritable(file, error) from error
