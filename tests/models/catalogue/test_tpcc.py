"""New orders and payments do what TPC-C says, in miniature."""

from pyrsistent import pmap

from models.catalogue.tpcc import (
    INVALID_ITEM,
    TPCC,
    NewOrder,
    Payment,
    candidates,
    drawn,
    new_order,
    payment,
)
from models.worlds import NamedCandidate
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.sequential import executed, genesis_store

START = {
    "district.1.next": 2,
    "item.1.price": 7,
    "item.2.price": 5,
    "item.1.stock": 19,
    "item.2.stock": 20,
    "warehouse.ytd": 100,
    "district.1.ytd": 60,
    "customer.1.2.paid": 10,
    "customer.1.2.balance": -10,
}


def written(each: NamedCandidate) -> dict[str, int] | str:
    """What a transaction writes, or why it fails."""
    store = genesis_store(pmap({KVSKey(key): KVSDatum(START[key]) for key in START}))
    summary = executed(each.candidate, store)
    if summary.failure is not None:
        return str(summary.failure)
    return {str(key): int(datum) for key, datum in summary.values_written.items()}


def test_a_new_order_takes_a_number_and_enters_its_lines_and_fills_up_low_stock() -> None:
    asked = NewOrder(1, 1, ((1, 10), (2, 10)))
    assert written(new_order("x", asked, range(1, 4))) == {
        "district.1.next": 3,
        "order.1.2": 2,
        "line.1.2.1": 70,
        "line.1.2.2": 50,
        "item.1.stock": 100,
        "item.2.stock": 10,
    }


def test_a_new_order_of_an_invalid_item_is_rolled_back() -> None:
    asked = NewOrder(1, 1, ((1, 1), (INVALID_ITEM, 1)))
    assert written(new_order("x", asked, range(1, 4))) == "fail: item number is not valid"


def test_a_payment_is_booked_everywhere() -> None:
    assert written(payment("x", Payment(1, 2, 25))) == {
        "warehouse.ytd": 125,
        "district.1.ytd": 85,
        "customer.1.2.paid": 35,
        "customer.1.2.balance": -35,
    }


def test_an_order_may_have_as_many_numbers_as_its_district_has_orders() -> None:
    one = NewOrder(1, 1, ((1, 1),))
    other = NewOrder(2, 1, ((1, 1),))
    first, _, _, second = candidates((one, Payment(1, 1, 1), other, one))
    assert (first.name, second.name) == ("1.new-order", "4.new-order")
    expected = {"order.1.1", "order.1.2", "line.1.1.1", "line.1.2.1"}
    assert first.candidate.label.may_writes == expected


def test_the_default_draws_payments_orders_and_a_rollback_beside_others_of_its_district() -> None:
    mix = drawn({each.name: each.default for each in TPCC.parameters})
    orders = [each for each in mix if isinstance(each, NewOrder)]
    invalid = [each for each in orders if any(item == INVALID_ITEM for item, _ in each.lines)]
    assert (len(mix), len(orders), len(invalid)) == (5, 3, 1)
    assert {each.district for each in orders} == {invalid[0].district}
