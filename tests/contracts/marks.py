"""Contracts on marks: what the worker knows to be locked, and what a shard has heard of it."""

from pyrsistent import pmap

from spec.anoma.keyvalue import GENESIS
from spec.anoma.shard import environment as shard
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState, heard_all
from spec.anoma.worker.environment import seen_all
from spec.formalism.identity import on_local_node
from tests.contracts.contract import Contract
from tests.contracts.nominal import TxFingerprint

WORKERS = tuple(on_local_node(name) for name in ("worker-1", "worker-2", "worker-3"))
"""Whom a shard hears."""

LISTENING = ShardConfiguration(WORKERS)
"""A shard that hears them."""


def the_mark_is_the_last_before_anything_outstanding(
    last: TxFingerprint, outstanding: tuple[TxFingerprint, ...]
) -> None:
    """Everything up to the mark is acknowledged, and what follows it is not."""
    assert last >= GENESIS
    assert len(outstanding) <= 4
    assert all(GENESIS < each <= last for each in outstanding)
    mark = seen_all(last, outstanding)
    assert GENESIS <= mark <= last
    assert all(each > mark for each in outstanding)
    assert mark == last or mark + 1 in outstanding


def seen_up_to_the_first_outstanding(
    last: TxFingerprint, outstanding: tuple[TxFingerprint, ...]
) -> TxFingerprint:
    """A wrong version: it counts the first transaction that is not acknowledged."""
    return min(outstanding, default=last)


def the_mark_never_falls(last: TxFingerprint, outstanding: tuple[TxFingerprint, ...]) -> None:
    """Neither an acknowledgement nor a request lowers it."""
    assert last >= GENESIS
    assert len(outstanding) <= 3
    assert all(GENESIS < each <= last for each in outstanding)
    following = TxFingerprint(last + 1)
    mark = seen_all(last, outstanding)
    for place in range(len(outstanding)):
        assert seen_all(last, outstanding[:place] + outstanding[place + 1 :]) >= mark
    assert seen_all(following, outstanding) >= mark
    assert seen_all(following, (*outstanding, following)) >= mark


def seen_below_the_newest_outstanding(
    last: TxFingerprint, outstanding: tuple[TxFingerprint, ...]
) -> TxFingerprint:
    """A wrong version: what is acknowledged counts although something before it is not."""
    return TxFingerprint(max(outstanding, default=last + 1) - 1)


def a_shard_goes_by_the_lowest_mark(
    first: TxFingerprint | None, second: TxFingerprint | None, third: TxFingerprint | None
) -> None:
    """What counts is the lowest mark; GENESIS while some worker has not been heard."""
    assert first is None or first >= GENESIS
    assert second is None or second >= GENESIS
    assert third is None or third >= GENESIS
    marks = (first, second, third)
    heard = {who: mark for who, mark in zip(WORKERS, marks, strict=True) if mark is not None}
    lowest = heard_all(LISTENING, ShardState(heard=pmap(heard)))
    assert all(lowest <= (GENESIS if mark is None else mark) for mark in marks)
    assert lowest in marks or lowest == GENESIS
    assert lowest == GENESIS or None not in marks


def heard_from_anybody(configuration: ShardConfiguration, state: ShardState) -> TxFingerprint:
    """A wrong version: workers that have not been heard do not count."""
    known = tuple(each for each in configuration.workers if each in state.heard)
    return shard.heard_all(ShardConfiguration(known), state)


CONTRACTS = (
    Contract(
        the_mark_is_the_last_before_anything_outstanding,
        "seen_all",
        seen_up_to_the_first_outstanding,
        "up to 4 outstanding transactions with any fingerprints",
        short=True,
    ),
    Contract(
        the_mark_never_falls,
        "seen_all",
        seen_below_the_newest_outstanding,
        "up to 3 outstanding transactions with any fingerprints",
        short=True,
    ),
    Contract(
        a_shard_goes_by_the_lowest_mark,
        "heard_all",
        heard_from_anybody,
        "3 workers with any marks",
        short=True,
    ),
)
"""The contracts of this module."""
