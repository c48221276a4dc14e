"""Digests of the states of one run: what has not changed since the state before is not encoded again."""

import hashlib
from typing import Any

from pyrsistent import PMap

from spec.formalism.canonical import Digest, encode
from spec.formalism.state import GlobalState

LENGTH = 4
"""How many bytes the length of an encoding takes."""


class Digests:
    """The digests of states, told one after the other."""

    def __init__(self) -> None:
        self._engines: dict[Any, tuple[Any, bytes]] = {}
        self._mailboxes: dict[Any, tuple[Any, bytes]] = {}

    def of(self, state: GlobalState) -> Digest:
        """The digest of a state, as `state_digest` has it."""
        parts = (
            encode(GlobalState.__qualname__),
            _tagged(b"m", _entries(state.engines, self._engines)),
            _tagged(b"m", _entries(state.mailboxes, self._mailboxes)),
            encode(state.faults),
        )
        return Digest(hashlib.sha256(_tagged(b"a", b"".join(parts))).hexdigest())


def _entries(entries: PMap[Any, Any], known: dict[Any, tuple[Any, bytes]]) -> bytes:
    """The encodings of the entries of a map, in order; those of the same objects as before are known."""
    encoded: list[bytes] = []
    for key, value in entries.items():
        before = known.get(key)
        if before is None or before[0] is not value:
            before = known[key] = (value, encode(key) + encode(value))
        encoded.append(before[1])
    return b"".join(sorted(encoded))


def _tagged(tag: bytes, content: bytes) -> bytes:
    """The kind and length of an encoding, then the encoding."""
    return tag + len(content).to_bytes(LENGTH, "big") + content
