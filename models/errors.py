"""Input that is refused, in one line."""

from pathlib import Path

from models.render import one_line


class InputError(Exception):
    """Something that the user named or gave cannot be used."""

    def __str__(self) -> str:
        return one_line(" ".join(super().__str__().split()))


def unwritable(place: Path | str, error: OSError | ValueError) -> InputError:
    """What to say of a file or folder that cannot be written."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputError(f"{place}: it cannot be written: {reason}")
