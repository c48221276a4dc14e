"""Input that is refused, in one line."""

from models.scenario.errors import one_line


class InputError(Exception):
    """Something that the user named or gave cannot be used."""

    def __str__(self) -> str:
        return one_line(" ".join(super().__str__().split()))
