"""What TPC-C's tables must agree on at rest."""

from functools import partial

from attrs import frozen

from models.catalogue.outcome import at_rest, value
from models.catalogue.tpcc_keys import (
    WAREHOUSE_YTD,
    balance,
    district_ytd,
    line,
    next_order,
    order,
    paid,
    stock,
)
from properties.outcome import Outcome
from properties.property import Evidence, Property


@frozen
class Size:
    """How much there is of everything."""

    districts: int
    """How many districts."""
    customers: int
    """How many customers in each district."""
    items: int
    """How many items."""
    lines: int
    """How many lines an order has at most."""


def payments_agree(size: Size, outcome: Outcome) -> Evidence | None:
    """Condition 1, and the same for customers: warehouse, districts and customers got the same."""
    booked = value(outcome, WAREHOUSE_YTD)
    in_districts = sum(value(outcome, district_ytd(each)) for each in _districts(size))
    customers = [
        (district, customer)
        for district in _districts(size)
        for customer in range(1, size.customers + 1)
    ]
    from_customers = sum(value(outcome, paid(*each)) for each in customers)
    owed = -sum(value(outcome, balance(*each)) for each in customers)
    if booked == in_districts == from_customers == owed:
        return None
    return Evidence(
        f"the warehouse has {booked}, its districts {in_districts}, "
        f"from customers {from_customers}, off their balances {owed}"
    )


def orders_numbered(size: Size, outcome: Outcome) -> Evidence | None:
    """Condition 2: the orders of a district have the numbers below its next one, without gaps."""
    for district in _districts(size):
        following = value(outcome, next_order(district))
        numbers = [each for each in _numbers(outcome) if value(outcome, order(district, each))]
        if numbers != list(range(1, following)):
            finding = f"district {district} has the orders {numbers}, and {following} is next"
            return Evidence(finding)
    return None


def lines_counted(size: Size, outcome: Outcome) -> Evidence | None:
    """Condition 4: an order has as many lines as it says."""
    for district in _districts(size):
        for number in _numbers(outcome):
            said = value(outcome, order(district, number))
            places = range(1, size.lines + 1)
            there = sum(value(outcome, line(district, number, place)) > 0 for place in places)
            if said != there:
                key = order(district, number)
                return Evidence(f"{key} says that it has {said} lines, and has {there}")
    return None


def stock_bounded(size: Size, outcome: Outcome) -> Evidence | None:
    """Stock never falls below 10, where it is filled up, nor rises above 100."""
    for item in range(1, size.items + 1):
        left = value(outcome, stock(item))
        if not 10 <= left <= 100:  # noqa: PLR2004  # the docstring names them
            return Evidence(f"{stock(item)} holds {left}")
    return None


def conditions(size: Size) -> tuple[Property, ...]:
    """The consistency conditions for a warehouse of this size."""
    return (
        at_rest("payments agree", partial(payments_agree, size)),
        at_rest("orders are numbered without gaps", partial(orders_numbered, size)),
        at_rest("orders have the lines they say", partial(lines_counted, size)),
        at_rest("stock stays between 10 and 100", partial(stock_bounded, size)),
    )


def _districts(size: Size) -> range:
    return range(1, size.districts + 1)


def _numbers(outcome: Outcome) -> range:
    """The numbers that orders may have: no district has more orders than there are transactions."""
    return range(1, len(outcome.summaries) + 1)
