"""The ordering protocol at work: everybody reads and writes the same keys, each on a shard of its own.

The model `counter` with one shard has the same state graph as this one with one key. It is kept beside it: its
increments commute, so that all orders have one outcome and only lost updates show; here every order has its own.
"""

from functools import partial

from models.catalogue.common import (
    DELIVERY,
    DUPLICATES,
    Options,
    arrival,
    genesis_of,
    known,
    label,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.outcome import at_rest, value
from models.model import Model, Parameter, World
from models.worlds import Arrival, NamedCandidate
from properties.outcome import Outcome
from properties.property import Evidence

MOST = 4
"""How many transactions there may be; 9 at most: each writes one digit."""


def key(number: int) -> str:
    """The key on a shard: `k1` and so on."""
    return f"k{number}"


def appending(number: int, keys: tuple[str, ...]) -> NamedCandidate:
    """The transaction that puts its number behind the digits that it reads, under every key."""
    program = "\n".join(f'write("{each}", read("{each}") * 10 + {number})' for each in keys)
    return transaction(f"t{number}", label(eager=keys, will=keys), program)


def one_order(number: int, keys: tuple[str, ...], outcome: Outcome) -> Evidence | None:
    """Whether all keys have seen all transactions, once each, and in the same order."""
    seen = {each: str(value(outcome, each)) for each in keys}
    everybody = [str(digit) for digit in range(1, number + 1)]
    told = ", ".join(f"{each} {order}" for each, order in seen.items())
    for each, order in seen.items():
        if sorted(order) != everybody:
            return Evidence(f"{each} has not seen every transaction once: {order}")
    return None if len(set(seen.values())) == 1 else Evidence(f"the orders differ: {told}")


def ordering(options: Options) -> World:
    """So many transactions over so many keys, on as many shards."""
    number = options["transactions"]
    keys = tuple(key(each) for each in range(1, options["keys"] + 1))
    chosen = setting(
        tuple(appending(each, keys) for each in range(1, number + 1)),
        genesis_of(dict.fromkeys(keys, 0)),
        {**options, "shards": len(keys)},
    )
    return world(
        chosen, (at_rest("all keys have seen one order", partial(one_order, number, keys)),)
    )


ORDERING = Model(
    name="ordering",
    system="anoma",
    sentence="Transactions that read and write the same keys, each key on a shard of its own.",
    parameters=(
        transactions(2, MOST),
        Parameter(
            "keys", "how many keys each reads and writes, and how many shards", 2, least=1, most=8
        ),
        arrival(Arrival.ANY),
        DELIVERY,
        DUPLICATES,
    ),
    build=ordering,
    expected=(
        known(14325, 70484, 29),
        known(8133, 36844, 30, delivery="fifo"),
        known(3631, 15977, 29, arrival="given"),
        known(31275, 149156, 21, keys=1, duplicates=1),
        known(110229, 673044, 39, keys=3),
        known(122167, 699552, 28, transactions=3, keys=1),
        known(2465335, 18111216, 43, transactions=3),
    ),
)
"""The ordering protocol."""
