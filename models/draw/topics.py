"""What a message is about: the keys or objects, and the transactions, that stand in it.

What a value means is told by the annotations of the fields in which it stands: nothing is guessed from its look.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NewType, get_args, get_type_hints

from attrs import frozen
from pyrsistent import PMap, pmap

from models.draw.text import plain
from models.model import World
from models.render import fields_of, is_map, is_program, is_sequence, is_set, sorted_keys
from properties.outcome import workers_of
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.delivery import Mail
from spec.formalism.state import GlobalState
from spec.soma.certificate import TransactionDigest
from spec.soma.object import ObjectId

KEYS = (KVSKey, ObjectId)
"""What keys are."""


@frozen
class Topics:
    """What something is about."""

    keys: frozenset[str] = frozenset()
    """The keys, or objects."""
    transactions: frozenset[str] = frozenset()
    """The transactions, as people call them."""
    first: str | None = None
    """The transaction that is named first."""

    def __or__(self, other: "Topics") -> "Topics":
        return Topics(
            self.keys | other.keys,
            self.transactions | other.transactions,
            self.first or other.first,
        )


NONE = Topics()
"""Nothing that a filter could ask for."""


@frozen
class Names:
    """How the transactions of a run are called."""

    by_request: PMap[RequestId, str] = pmap()
    """The names of requests."""
    by_fingerprint: PMap[int, str] = pmap()
    """The names of fingerprints that were given to requests."""


def names_in(world: World, last: GlobalState) -> Names:
    """How the transactions of a run are called, by what its last state knows of them."""
    given = [entry for worker in workers_of(last) for entry in worker.requests.items()]
    known = {
        request: f"T{at}: {world.transactions[request]}"
        for request, at in given
        if at is not None and request in world.transactions
    }
    prints = {int(at): known[each] for each, at in given if at is not None and each in known}
    return Names(pmap({**world.transactions, **known}), pmap(prints))


def topics_of(message: Mail, names: Names) -> Topics:
    """What a message is about."""
    found = list(_meant(message.body, None))
    keys = frozenset(plain(str(value)) for meaning, value in found if meaning in KEYS)
    called = [plain(each) for pair in found for each in _called(*pair, message, names)]
    return Topics(keys, frozenset(called), next(iter(called), None))


def _called(meaning: Any, value: Any, message: Mail, names: Names) -> Iterator[str]:
    """The transaction that a number or text stands for, as people call it, if it stands for one."""
    if meaning is TxFingerprint and value:
        yield names.by_fingerprint.get(value, f"T{value}")
    elif meaning is TransactionDigest:
        yield str(value)
    elif meaning is RequestNumber:
        asked = (RequestId(end, value) for end in (message.sender, message.target))
        yield from (names.by_request[each] for each in asked if each in names.by_request)


def _meant(value: Any, hint: Any) -> Iterator[tuple[Any, Any]]:
    """The numbers and texts of which a value consists, each with what it stands for."""
    inner = list(get_args(hint))
    if isinstance(value, str | int):
        yield from ((each, value) for each in (hint, *inner) if isinstance(each, NewType))
    elif is_program(value):
        return
    elif is_map(value):
        yield from _in_map(value, inner)
    elif is_set(value) or is_sequence(value):
        for item in sorted_keys(value) if is_set(value) else value:
            yield from _meant(item, inner[0] if inner else None)
    else:
        kind: Any = value.__class__
        hints = _hints(kind)
        for field in fields_of(value):
            yield from _meant(getattr(value, field.name), hints.get(field.name))


def _in_map(value: Mapping[Any, Any], inner: list[Any]) -> Iterator[tuple[Any, Any]]:
    of_key, of_item = inner if len(inner) == len(("key", "item")) else (None, None)
    for key in sorted_keys(value):
        yield from _meant(key, of_key)
        yield from _meant(value[key], of_item)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """What the fields of a class are annotated with; nothing where that cannot be told."""
    try:
        return get_type_hints(kind)
    except (NameError, TypeError):
        return {}
