"""Money goes from one account to another, if there is enough."""

from functools import partial

from models.catalogue.common import (
    Options,
    genesis_of,
    known,
    label,
    network_parameters,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.outcome import at_rest, value
from models.model import Model, World
from models.worlds import NamedCandidate
from properties.outcome import Outcome
from properties.property import Evidence
from spec.anoma.shard.behaviour import SHARD
from spec.formalism.family import EngineFamily

ACCOUNTS = genesis_of({"alice": 10, "bob": 5})
"""What the accounts hold at the start."""


def transfer(name: str, source: str, target: str, amount: int) -> NamedCandidate:
    """A transaction that moves money, and fails where there is not enough."""
    program = f"""
        have = read("{source}")
        if have < {amount}:
            fail("insufficient funds")
        write("{source}", have - {amount})
        write("{target}", read("{target}") + {amount})
    """
    both = (source, target)
    return transaction(name, label(eager=both, will=both), program)


TRANSFERS = (
    transfer("rent", "alice", "bob", 7),
    transfer("gift", "alice", "bob", 6),
    transfer("refund", "bob", "alice", 4),
)
"""Of the first two, only the one that comes first has enough to go on."""


def conserved(total: int, outcome: Outcome) -> Evidence | None:
    """Whether the accounts hold as much as before, all together."""
    held = sum(value(outcome, account) for account in ACCOUNTS)
    return None if held == total else Evidence(f"the accounts hold {held}, and held {total}")


CONSERVED = at_rest(
    "transfers make no money and lose none", partial(conserved, sum(ACCOUNTS.values()))
)
"""What transfers must keep."""


def transfers(options: Options, shard_family: EngineFamily = SHARD) -> World:
    """The first transfers over shards of this family."""
    chosen = setting(TRANSFERS[: options["transactions"]], ACCOUNTS, options, shard_family)
    return world(chosen, (CONSERVED,))


TRANSFER = Model(
    name="transfer",
    system="anoma",
    sentence="Transfers between two accounts, which fail where there is not enough.",
    parameters=(transactions(2, len(TRANSFERS)), *network_parameters(1)),
    build=transfers,
    expected=(
        known(5797, 27532, 23),
        known(2653, 10668, 24, delivery="fifo"),
        known(5071, 24089, 29, shards=2, arrival="given"),
    ),
)
"""Transfers between accounts."""
