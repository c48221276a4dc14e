"""SmallBank's transactions do what the literature says, and its statements are not empty."""

from pyrsistent import PMap, pmap

from models.catalogue.smallbank import (
    TYPES,
    Banking,
    amalgamate,
    balance,
    balanced,
    covered,
    deposit_checking,
    drawn,
    send_payment,
    transact_savings,
    write_check,
)
from properties.outcome import Outcome
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.sequential import executed, genesis_store
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.identity import on_local_node

START = {"savings.1": 10, "checking.1": 20, "savings.2": 30, "checking.2": 40}
ONE = RequestId(on_local_node("client"), RequestNumber(1))


def store(**changed: int) -> PMap[KVSKey, KVSDatum]:
    values = {**START, **{key.replace("_", "."): datum for key, datum in changed.items()}}
    return pmap({KVSKey(key): KVSDatum(datum) for key, datum in values.items()})


def done(banking: Banking, **changed: int) -> ExecutionSummary:
    return executed(banking.candidate.candidate, genesis_store(store(**changed)))


def written(banking: Banking, **changed: int) -> dict[str, int] | str:
    """What it writes, or why it fails."""
    summary = done(banking, **changed)
    if summary.failure is not None:
        return str(summary.failure)
    return {str(key): int(datum) for key, datum in summary.values_written.items()}


def test_a_balance_reads_both_accounts_and_writes_nothing() -> None:
    summary = done(balance("x", 1))
    read = {key: seen.datum for key, seen in summary.values_read.items()}
    assert read == {"savings.1": 10, "checking.1": 20}
    assert summary.values_written == pmap()


def test_a_deposit_goes_to_the_checking_account() -> None:
    assert written(deposit_checking("x", 2, 5)) == {"checking.2": 45}


def test_savings_may_not_be_overdrawn() -> None:
    assert written(transact_savings("x", 1, 5)) == {"savings.1": 15}
    assert written(transact_savings("x", 1, -10)) == {"savings.1": 0}
    assert written(transact_savings("x", 1, -11)) == "fail: savings would be overdrawn"


def test_all_that_one_customer_has_goes_to_the_other_ones_checking_account() -> None:
    expected = {"savings.1": 0, "checking.1": 0, "checking.2": 70}
    assert written(amalgamate("x", 1, 2)) == expected


def test_a_check_that_both_accounts_do_not_cover_costs_a_penalty() -> None:
    assert written(write_check("x", 1, 30)) == {"checking.1": -10}
    assert written(write_check("x", 1, 31)) == {"checking.1": -12}


def test_a_payment_needs_cover_in_the_checking_account() -> None:
    assert written(send_payment("x", 1, 2, 20)) == {"checking.1": 0, "checking.2": 60}
    assert written(send_payment("x", 1, 2, 21)) == "fail: checking would be overdrawn"


def test_every_type_changes_what_the_bank_holds_as_it_is_booked() -> None:
    opening = sum(START.values())
    for banking in (
        deposit_checking("x", 1, 5),
        transact_savings("x", 1, -5),
        amalgamate("x", 1, 2),
        write_check("x", 1, 30),
        write_check("x", 1, 31),
        send_payment("x", 1, 2, 20),
        send_payment("x", 1, 2, 21),
    ):
        summary = done(banking)
        after = store().update(summary.values_written)
        outcome = Outcome((ONE,), after, pmap({ONE: summary}))
        assert balanced(opening, pmap({ONE: banking}), outcome) is None


def test_money_that_nobody_has_booked_is_found() -> None:
    banking = deposit_checking("x", 1, 5)
    opening = sum(START.values())
    succeeded = ExecutionSummary(None, pmap())
    failed = ExecutionSummary(Failure(FailureKind.FAIL, "no"), pmap())
    booked = pmap({ONE: banking})
    for summary, deposited, right in (
        (succeeded, 25, True),
        (succeeded, 20, False),
        (failed, 20, True),
        (failed, 25, False),
    ):
        outcome = Outcome((ONE,), store(checking_1=deposited), pmap({ONE: summary}))
        assert (balanced(opening, booked, outcome) is None) is right


def test_overdrawn_savings_are_found() -> None:
    assert covered(2, Outcome((), store(savings_2=0), pmap())) is None
    assert covered(2, Outcome((), store(savings_2=-1), pmap())) is not None


def test_all_six_types_are_drawn_in_the_default_mix() -> None:
    mix = drawn({"seed": 1, "transactions": 10, "customers": 2})
    assert {each.candidate.name.split(".")[1] for each in mix} == set(TYPES)
    assert mix != drawn({"seed": 2, "transactions": 10, "customers": 2})
