"""What waits is named, with the reason, and with what would have to happen first."""

import pytest

from models.catalogue import CATALOGUE
from models.model import Model
from models.render import render_event
from models.stepper.blocked import asked, blocked, guard_text, line_of, waiting
from models.stepper.opening import open_session
from models.stepper.session import Session
from spec.formalism.event import Deliver
from spec.formalism.identity import on_local_node
from spec.formalism.rule import FollowUp
from spec.formalism.state import messages
from spec.formalism.system import System

WALKED = tuple(each for each in CATALOGUE if each.name not in {"tpcc", "ycsb", "smallbank-mix"})


def test_what_waits_is_what_may_not_be_taken() -> None:
    session = open_session("soma-fan")
    session.random(30, seed=3)
    for point in session.run():
        system, state = session.world.system, point.state
        taken = {each.message for each in system.enabled(state) if isinstance(each, Deliver)}
        waits = [each for each in messages(system.discipline, state) if each not in taken]
        assert [each.message for each in blocked(point, 0)] == list(dict.fromkeys(waits))


def test_the_way_to_what_waits_leads_there_and_no_shorter_one_does() -> None:
    session = open_session("soma-fan")
    session.random(30, seed=3)
    found = [(point, each) for point in session.run() for each in blocked(point) if each.way]
    assert len(found) > 3
    for point, each in found:
        system, state = session.world.system, point.state
        assert each.way is not None
        for event in each.way:
            assert Deliver(each.message) not in system.enabled(state)
            state, _ = system.step(state, event)
        assert Deliver(each.message) in system.enabled(state)


def test_a_message_waits_for_the_guards_that_say_no() -> None:
    session = open_session("pool", seed=2)
    session.until(lambda point: bool(blocked(point, 0)))
    [found] = blocked(session.here)
    assert line_of(found.message).startswith("pool does not take ExecuteTransaction(")
    assert found.why == "the guards say no: pool.assign-executor, pool.ignore-repeat"
    assert [rule.id for rule in found.asked] == ["pool.assign-executor", "pool.ignore-repeat"]
    assert found.way is not None
    assert render_event(found.way[-1]).startswith("pool takes ExecutorFinished(")
    [unknown] = blocked(session.here, 1)
    assert (unknown.way, unknown.never) == (None, False)


def test_what_nobody_will_ever_take_is_said_to_wait_for_ever() -> None:
    session = open_session("soma-crash")
    session.random(1000, seed=3)
    found = {str(each.message.target): (each.why, each.never) for each in blocked(session.here)}
    assert found["task.3"] == ("there is no engine task.3", True)


def test_a_younger_message_of_a_sender_waits_for_the_older_one() -> None:
    session = open_session("counter", {"delivery": "fifo"})
    session.choose(1)
    session.choose(len(session.enabled()))
    waits = {each.why for each in blocked(session.here)}
    assert waits == {"an older message from worker comes first"}


@pytest.mark.parametrize("model", WALKED, ids=[each.name for each in WALKED])
def test_the_rules_that_take_a_message_are_among_those_that_are_asked(model: Model) -> None:
    session = open_session(model)
    session.random(40, seed=3)
    for point in session.run():
        event, record = point.event, point.record
        if isinstance(event, Deliver) and point.parent is not None and record is not None:
            system: System = session.world.system
            family = system.family_of(point.parent.state.engines[event.message.target])
            taking = {rule.id for rule in family.rules if not issubclass(rule, FollowUp)}
            about = {rule.id for rule in asked(family, event.message.body)}
            assert taking.intersection(record.fired) <= about <= taking


def test_engines_say_what_they_wait_for(counter: Session) -> None:
    counter.choose(2)
    counter.random(2, seed=5)
    assert waits(counter) == {
        "executor.1": ("its transaction",),
        "shard.1": ("executor.1 to read counter at 1: the mark to reach 1; it is 0",),
        "worker": ("the summary of transaction 1",),
    }
    heard = open_session("counter")
    heard.until(lambda point: "heard[worker]: + 2" in repr(point))
    read = "executor.2 to read counter at 2: the write of 1, which is pending"
    assert waits(heard)["shard.1"] == (read,)
    busy = open_session("soma-fan", seed=3)
    busy.until(
        lambda point: (
            len(point.state.engines[on_local_node("driver")].environment.local.running) == 2
        )
    )
    assert waits(busy)["driver"] == ("a task to end: 2 run",)
    soma = open_session("soma-diamond", seed=3)
    soma.random(12)
    assert waits(soma) == {
        "driver": ("place 2 of the channel",),
        "manager": ("l v1, for b", "r v1, for c", "l v2, r v2, for d"),
    }
    soma.to("8")
    assert waits(soma)["task.1"] == ("the execution of a",)
    soma.to("9")
    begun = "a to finish, whose lock task.1 holds, and the epoch's read lock"
    assert waits(soma)["authority"] == (begun,)


def waits(session: Session) -> dict[str, tuple[str, ...]]:
    return {str(each.engine): each.awaited for each in waiting(session.here)}


def test_a_guard_is_told_in_its_own_words_or_in_those_of_its_rule() -> None:
    session = open_session("soma-chain")
    families = session.world.system.families.values()
    texts = {str(rule.id): guard_text(rule) for family in families for rule in family.rules}
    assert texts["authority.await-reconfiguration"] == "It is the next epoch, and none waits."
    anoma = open_session("counter").world.system.families["shard"]
    texts = {str(rule.id): guard_text(rule) for rule in anoma.rules}
    assert texts["shard.update-mark"] == "A worker's mark is the highest that was heard from it."
