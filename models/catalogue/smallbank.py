"""SmallBank: customers with a savings and a checking account, and six types of transactions.

The types are those of Alomari, Cahill, Fekete and Röhm, "The Cost of Serializability on Platforms
That Use Snapshot Isolation" (2008); SendPayment was added by H-Store, and stands in OLTPBench, whose
mix is drawn here. Where OLTPBench departs from the paper (it takes a penalty off a bounced check,
where the paper adds one, and amalgamates other accounts), the paper counts.
"""

from collections.abc import Callable
from functools import partial

from attrs import frozen
from pyrsistent import PMap, pmap

from models.catalogue.common import (
    Options,
    genesis_of,
    known,
    label,
    network_parameters,
    seed,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.draw import Draw
from models.catalogue.outcome import at_rest, succeeded, value
from models.model import Model, Parameter, World
from models.worlds import NamedCandidate, request_names
from properties.outcome import Outcome
from properties.property import Evidence
from spec.anoma.worker.environment import RequestId

OPENING = 10
"""What every account holds at the start."""

PENALTY = 1
"""What a check costs that is not covered."""


@frozen
class Banking:
    """A transaction, and how much money the bank may have more once it has succeeded."""

    candidate: NamedCandidate
    """The transaction."""
    least: int = 0
    """How much more it is at least; negative where money leaves the bank."""
    most: int = 0
    """How much more it is at most."""


def savings(customer: int) -> str:
    """The key of a customer's savings account."""
    return f"savings.{customer}"


def checking(customer: int) -> str:
    """The key of a customer's checking account."""
    return f"checking.{customer}"


def balance(name: str, one: int) -> Banking:
    """Reads what a customer has in both accounts."""
    program = f'total = read("{savings(one)}") + read("{checking(one)}")'
    return Banking(transaction(name, label(eager=(savings(one), checking(one))), program))


def deposit_checking(name: str, one: int, amount: int) -> Banking:
    """Pays into a checking account."""
    key = checking(one)
    program = f'write("{key}", read("{key}") + {amount})'
    return Banking(transaction(name, label(eager=(key,), will=(key,)), program), amount, amount)


def transact_savings(name: str, one: int, amount: int) -> Banking:
    """Pays into a savings account, or withdraws a negative amount; fails if it were overdrawn."""
    key = savings(one)
    program = f"""
        after = read("{key}") + {amount}
        if after < 0:
            fail("savings would be overdrawn")
        write("{key}", after)
    """
    return Banking(transaction(name, label(eager=(key,), will=(key,)), program), amount, amount)


def amalgamate(name: str, one: int, other: int) -> Banking:
    """Moves all that one customer has to the checking account of another."""
    emptied, target = (savings(one), checking(one)), checking(other)
    program = f"""
        total = read("{emptied[0]}") + read("{emptied[1]}")
        write("{emptied[0]}", 0)
        write("{emptied[1]}", 0)
        write("{target}", read("{target}") + total)
    """
    every = (*emptied, target)
    return Banking(transaction(name, label(eager=every, will=every), program))


def write_check(name: str, one: int, amount: int) -> Banking:
    """Takes a check off the checking account; not covered by both accounts, it costs a penalty."""
    program = f"""
        have = read("{checking(one)}")
        penalty = {PENALTY} if read("{savings(one)}") + have < {amount} else 0
        write("{checking(one)}", have - {amount} - penalty)
    """
    declared = label(eager=(savings(one), checking(one)), will=(checking(one),))
    return Banking(transaction(name, declared, program), -amount - PENALTY, -amount)


def send_payment(name: str, one: int, other: int, amount: int) -> Banking:
    """Pays from one checking account into another; fails if it were overdrawn."""
    both = source, target = checking(one), checking(other)
    program = f"""
        have = read("{source}")
        if have < {amount}:
            fail("checking would be overdrawn")
        write("{source}", have - {amount})
        write("{target}", read("{target}") + {amount})
    """
    return Banking(transaction(name, label(eager=both, will=both), program))


TYPES: dict[str, tuple[int, Callable[[str, Draw, int, int], Banking]]] = {
    "amalgamate": (15, lambda name, _, one, other: amalgamate(name, one, other)),
    "balance": (15, lambda name, _, one, __: balance(name, one)),
    "deposit-checking": (
        15,
        lambda name, draw, one, _: deposit_checking(name, one, draw.between(1, 9)),
    ),
    "send-payment": (
        25,
        lambda name, draw, one, other: send_payment(name, one, other, draw.between(4, 12)),
    ),
    "transact-savings": (
        15,
        lambda name, draw, one, _: transact_savings(name, one, draw.between(-12, 5)),
    ),
    "write-check": (15, lambda name, draw, one, _: write_check(name, one, draw.between(5, 25))),
}
"""The six types: how often each is drawn, of a hundred, and how it is made."""


def drawn(options: Options) -> tuple[Banking, ...]:
    """The transactions of a seed."""
    draw = Draw(options["seed"])
    weights = [weight for weight, _ in TYPES.values()]
    chosen: list[Banking] = []
    for number in range(1, options["transactions"] + 1):
        kind = draw.weighted(tuple(TYPES), weights)
        customers = range(1, options["customers"] + 1)
        one, other = draw.distinct(customers, 2, [1] * len(customers))
        chosen.append(TYPES[kind][1](f"{number}.{kind}", draw, one, other))
    return tuple(chosen)


def balanced(opening: int, bankings: PMap[RequestId, Banking], outcome: Outcome) -> Evidence | None:
    """Whether the accounts hold what came in, less what went out."""
    done = [each for request, each in bankings.items() if succeeded(outcome, request)]
    held = sum(outcome.store.values())
    least = opening + sum(each.least for each in done)
    most = opening + sum(each.most for each in done)
    if least <= held <= most:
        return None
    return Evidence(f"the accounts hold {held} in all, and should hold {least} to {most}")


def covered(customers: int, outcome: Outcome) -> Evidence | None:
    """Whether savings are at least 0."""
    for customer in range(1, customers + 1):
        held = value(outcome, savings(customer))
        if held < 0:
            return Evidence(f"{savings(customer)} holds {held}")
    return None


def bank(options: Options) -> World:
    """The drawn transactions."""
    bankings = drawn(options)
    customers = options["customers"]
    accounts = [kind(each) for each in range(1, customers + 1) for kind in (savings, checking)]
    genesis = genesis_of(dict.fromkeys(accounts, OPENING))
    chosen = setting(tuple(each.candidate for each in bankings), genesis, options)
    booked = {each.candidate.name: each for each in bankings}
    requested = pmap({request: booked[name] for request, name in request_names(chosen).items()})
    opening = OPENING * len(accounts)
    own = (
        at_rest("money comes and goes as booked", partial(balanced, opening, requested)),
        at_rest("savings are never overdrawn", partial(covered, customers)),
    )
    return world(chosen, own)


CUSTOMERS = Parameter("customers", "how many customers the bank has", 2, least=2, most=8)
"""The parameter that sets the number of customers."""

SMALLBANK = Model(
    name="smallbank",
    system="anoma",
    sentence="SmallBank in its smallest: two drawn transactions in every interleaving.",
    parameters=(transactions(2, 3), CUSTOMERS, seed(3), *network_parameters(1)),
    build=bank,
    expected=(
        known(4437, 20172, 21),
        known(1953, 7240, 22, delivery="fifo"),
        known(8389, 42332, 23, seed=1),
    ),
)
"""SmallBank, searched exhaustively."""

SMALLBANK_MIX = Model(
    name="smallbank-mix",
    system="anoma",
    sentence="SmallBank with all its six transaction types. Walked at random.",
    parameters=(transactions(10, 100), CUSTOMERS, seed(1), *network_parameters(4)),
    build=bank,
    walks=20,
)
"""SmallBank, walked at random."""
