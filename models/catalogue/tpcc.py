"""TPC-C in miniature: new orders and payments of one warehouse.

New-order and payment are those of the TPC Benchmark C, Standard Specification, revision 5.11
(clauses 2.4 and 2.5), with whole numbers for amounts, and without the columns that nobody reads.
What must hold at rest are its consistency conditions 1, 2 and 4 (clause 3.3.2), and what the
quantities in stock stay between.
"""

from collections.abc import Iterator

from attrs import frozen

from models.catalogue.common import (
    Options,
    genesis_of,
    label,
    network_parameters,
    seed,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.draw import Draw
from models.catalogue.tpcc_conditions import Size, conditions
from models.catalogue.tpcc_keys import (
    WAREHOUSE_YTD,
    balance,
    district_ytd,
    line,
    next_order,
    order,
    paid,
    price,
    stock,
)
from models.model import Model, Parameter, World
from models.worlds import NamedCandidate

ITEMS = 3
"""How many items there are to order."""

CUSTOMERS = 2
"""How many customers a district has."""

INVALID_ITEM = 0
"""The number of an item that nobody sells."""

NEW_ORDERS = (45, 43)
"""How often a new order is drawn, and how often a payment: their shares in TPC-C's mix."""

RESTOCKED = 91
"""What comes into stock where fewer than 10 would be left."""


@frozen
class NewOrder:
    """An order of a customer, not yet entered."""

    district: int
    """In which district."""
    customer: int
    """Whose."""
    lines: tuple[tuple[int, int], ...]
    """The items, each at most once, and how many of each."""


@frozen
class Payment:
    """A payment of a customer, not yet booked."""

    district: int
    """In which district."""
    customer: int
    """Whose."""
    amount: int
    """How much."""


def drawn(options: Options) -> tuple[NewOrder | Payment, ...]:
    """The orders and payments of a seed."""
    draw = Draw(options["seed"])
    return tuple(_drawn(draw, options) for _ in range(options["transactions"]))


def _drawn(draw: Draw, options: Options) -> NewOrder | Payment:
    district = draw.between(1, options["districts"])
    customer = draw.between(1, CUSTOMERS)
    if not draw.weighted((True, False), NEW_ORDERS):
        return Payment(district, customer, draw.between(1, 50))
    count = draw.between(1, options["lines"])
    items = draw.distinct(range(1, ITEMS + 1), count, [1] * ITEMS)
    if draw.below(100) < options["rollbacks"]:
        items = (*items[:-1], INVALID_ITEM)
    return NewOrder(district, customer, tuple((item, draw.between(1, 10)) for item in items))


def new_order(name: str, asked: NewOrder, numbers: range) -> NamedCandidate:
    """Takes the district's next order number, enters order and lines, and takes items from stock.

    Which order it enters is known only when it runs: it may write the orders of these numbers.
    """
    district, lines = asked.district, asked.lines
    counter = next_order(district)
    entered = [order(district, number) for number in numbers]
    entered += [line(district, number, place) for number in numbers for place, _ in _places(lines)]
    needed = [price(item) for item, _ in lines] + [stock(item) for item, _ in lines]
    declared = label(
        eager=(counter, *needed),
        will=(counter, *(stock(item) for item, _ in lines)),
        may=entered,
    )
    program = "\n".join(
        (
            f'number = read("{counter}")',
            f'write("{counter}", number + 1)',
            f'write("order.{district}." + str(number), {len(lines)})',
            *(
                part
                for place, (item, count) in _places(lines)
                for part in _order_line(district, place, item, count)
            ),
        )
    )
    return transaction(name, declared, program)


def _places(lines: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, tuple[int, int]]]:
    return iter(enumerate(lines, start=1))


def _order_line(district: int, place: int, item: int, count: int) -> tuple[str, ...]:
    return (
        f'price = read("{price(item)}")',
        "if price == 0:",
        '    fail("item number is not valid")',
        f'left = read("{stock(item)}") - {count}',
        f'write("{stock(item)}", left if left >= 10 else left + {RESTOCKED})',
        f'write("line.{district}." + str(number) + ".{place}", {count} * price)',
    )


def payment(name: str, asked: Payment) -> NamedCandidate:
    """Books a payment with warehouse, district and customer."""
    raised = (
        WAREHOUSE_YTD,
        district_ytd(asked.district),
        paid(asked.district, asked.customer),
    )
    owed = balance(asked.district, asked.customer)
    program = "\n".join(
        (
            *(f'write("{key}", read("{key}") + {asked.amount})' for key in raised),
            f'write("{owed}", read("{owed}") - {asked.amount})',
        )
    )
    every = (*raised, owed)
    return transaction(name, label(eager=every, will=every), program)


def candidates(asked: tuple[NewOrder | Payment, ...]) -> tuple[NamedCandidate, ...]:
    """The transactions that enter the orders and book the payments."""
    orders = [each.district for each in asked if isinstance(each, NewOrder)]
    return tuple(
        new_order(f"{number}.new-order", each, range(1, orders.count(each.district) + 1))
        if isinstance(each, NewOrder)
        else payment(f"{number}.payment", each)
        for number, each in enumerate(asked, start=1)
    )


def warehouse(options: Options) -> World:
    """The drawn orders and payments."""
    size = Size(options["districts"], CUSTOMERS, ITEMS, options["lines"])
    draw = Draw(options["seed"] + 1)
    items = range(1, ITEMS + 1)
    genesis = genesis_of(
        {next_order(district): 1 for district in range(1, options["districts"] + 1)}
        | {price(item): draw.between(1, 100) for item in items}
        | {stock(item): draw.between(10, 100) for item in items}
    )
    chosen = setting(candidates(drawn(options)), genesis, options)
    return world(chosen, conditions(size))


TPCC = Model(
    name="tpcc",
    system="anoma",
    sentence="TPC-C's new-order and payment in miniature, with one warehouse. Walked at random.",
    parameters=(
        transactions(5, 50),
        Parameter("districts", "how many districts the warehouse has", 2, least=1, most=10),
        Parameter("lines", "how many lines an order has at most", 2, least=1, most=ITEMS),
        Parameter(
            "rollbacks",
            "how many new orders of a hundred name an invalid item (TPC-C: 1)",
            10,
            least=0,
            most=100,
        ),
        seed(11),
        *network_parameters(4),
    ),
    build=warehouse,
    walks=20,
)
"""TPC-C in miniature."""
