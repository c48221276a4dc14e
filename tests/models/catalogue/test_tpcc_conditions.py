"""The consistency conditions hold of consistent tables, and of no others."""

from pyrsistent import pmap

from models.catalogue.tpcc_conditions import (
    Size,
    lines_counted,
    orders_numbered,
    payments_agree,
    stock_bounded,
)
from properties.outcome import Outcome
from properties.property import Evidence
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.identity import on_local_node

SIZE = Size(districts=2, customers=1, items=1, lines=2)
CONSISTENT = {
    "warehouse.ytd": 30,
    "district.1.ytd": 10,
    "district.2.ytd": 20,
    "customer.1.1.paid": 10,
    "customer.1.1.balance": -10,
    "customer.2.1.paid": 20,
    "customer.2.1.balance": -20,
    "district.1.next": 3,
    "district.2.next": 1,
    "order.1.1": 1,
    "order.1.2": 2,
    "line.1.1.1": 5,
    "line.1.2.1": 5,
    "line.1.2.2": 5,
    "item.1.stock": 10,
}


def judged(**changed: int) -> list[str]:
    """The conditions that the changed tables break; in names, _ stands for a full stop."""
    values = {**CONSISTENT, **{key.replace("_", "."): datum for key, datum in changed.items()}}
    client = on_local_node("client")
    summaries = {
        RequestId(client, RequestNumber(number)): ExecutionSummary(None, pmap())
        for number in range(1, 5)
    }
    store = pmap({KVSKey(key): KVSDatum(values[key]) for key in values})
    outcome = Outcome(tuple(summaries), store, pmap(summaries))
    found = {
        judge.__name__: judge(SIZE, outcome)
        for judge in (payments_agree, orders_numbered, lines_counted, stock_bounded)
    }
    return [name for name, evidence in found.items() if isinstance(evidence, Evidence)]


def test_consistent_tables_break_nothing() -> None:
    assert judged() == []


def test_a_payment_that_is_missing_somewhere_is_found() -> None:
    for column in (
        "warehouse_ytd",
        "district_2_ytd",
        "customer_1_1_paid",
        "customer_1_1_balance",
    ):
        assert judged(**{column: 1}) == ["payments_agree"]


def test_a_gap_between_order_numbers_and_a_wrong_next_one_are_found() -> None:
    assert judged(order_1_1=0, line_1_1_1=0) == ["orders_numbered"]
    assert judged(district_1_next=4) == ["orders_numbered"]
    assert judged(district_2_next=2) == ["orders_numbered"]


def test_a_line_too_many_or_too_few_is_found() -> None:
    assert judged(line_1_1_2=5) == ["lines_counted"]
    assert judged(line_1_2_2=0) == ["lines_counted"]


def test_stock_out_of_bounds_is_found() -> None:
    assert judged(item_1_stock=9) == ["stock_bounded"]
    assert judged(item_1_stock=101) == ["stock_bounded"]
