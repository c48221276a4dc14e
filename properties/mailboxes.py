"""What is in a mailbox, whatever its discipline."""

from collections.abc import Iterator
from typing import Any, cast

from pyrsistent import PMap, PVector

from spec.formalism.delivery import Box, Mail


def mail_in(box: Box) -> Iterator[tuple[Mail, int]]:
    """The messages in a mailbox with their copies; queues name equal ones repeatedly."""
    if not isinstance(box, PMap):
        yield from ((message, 1) for message in box)
        return
    entries = cast("PMap[Any, int | PVector[Mail]]", box)
    for message, content in entries.items():
        if isinstance(content, int):
            yield message, content
        else:
            yield from ((queued, 1) for queued in content)
