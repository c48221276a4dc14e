"""Two-phase commit as a whole: its state graph is the one that the literature's has."""

from collections.abc import Iterator

import pytest

from spec.commit.environment import ABORTING, PREPARING, RMState, TMState
from spec.commit.messages import Abort, Prepared
from spec.commit.system import MANAGER, commit_state, commit_system, resource_manager_id
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, SetDelivery, Unordered
from spec.formalism.event import Deliver, Elapse
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState, messages
from spec.formalism.system import Successor, System

ONE, TWO = resource_manager_id(1), resource_manager_id(2)


def walk(system: System, start: GlobalState) -> Iterator[tuple[GlobalState, list[Successor]]]:
    """Every state that can be reached, with all steps that are possible there."""
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        steps = list(system.successors(state))
        yield state, steps
        for step in steps:
            assert step.record.refusal is None
            if step.state not in seen:
                seen.add(step.state)
                waiting.append(step.state)


def stages(state: GlobalState) -> tuple[RMState, ...]:
    return tuple(
        state.engines[name].environment.local.state
        for name in sorted(state.engines)
        if name != MANAGER
    )


def test_states_and_steps_are_as_many_as_in_the_literature() -> None:
    system = commit_system()
    found = list(walk(system, commit_state(system, 3)))
    transitions = sum(step.state != state for state, steps in found for step in steps)
    stutters = sum(step.state == state for state, steps in found for step in steps)
    assert (len(found), transitions, stutters) == (288, 761, 384)
    assert 1 + transitions + stutters == 1146  # what TLC says that it generates


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_in_the_end_all_commit_or_all_abort(discipline: AnyDiscipline) -> None:
    system = commit_system(discipline)
    ends = [
        state
        for state, steps in walk(system, commit_state(system, 2))
        if all(step.state == state for step in steps)
    ]
    committed, aborted = RMState.COMMITTED, RMState.ABORTED
    assert {(end.engines[MANAGER].environment.local.state, *stages(end)) for end in ends} == {
        (TMState.COMMITTED, committed, committed),
        (TMState.ABORTED, aborted, aborted),
    }


def test_every_rule_takes_effect_in_some_schedule() -> None:
    system = commit_system()
    fired: set[RuleId] = set()
    for _, steps in walk(system, commit_state(system, 1)):
        fired.update(rule for step in steps for rule in step.record.fired)
    assert fired == {rule.id for family in system.families.values() for rule in family.rules}


def test_a_message_that_was_heard_stays_and_can_be_heard_again() -> None:
    system, word = commit_system(), Message(ONE, MANAGER, DEFAULT_MAILBOX, Prepared())
    state = commit_state(system, 2)
    state, _ = system.step(state, Elapse(ONE, Timer(Time(0), PREPARING)))
    heard, _ = system.step(state, Deliver(word))
    assert messages(SetDelivery, heard) == (word,)
    assert system.step(heard, Deliver(word))[0] == heard


def test_a_decision_is_on_its_way_to_everybody_at_once() -> None:
    system = commit_system()
    state, _ = system.step(commit_state(system, 2), Elapse(MANAGER, Timer(Time(0), ABORTING)))
    assert messages(SetDelivery, state) == tuple(
        Message(MANAGER, each, DEFAULT_MAILBOX, Abort()) for each in (ONE, TWO)
    )


def test_at_the_start_everybody_works_and_nothing_is_said() -> None:
    system = commit_system(Unordered, Faults(duplicates=1))
    state = commit_state(system, 2)
    assert sorted(state.engines) == [ONE, TWO, MANAGER]
    assert stages(state) == (RMState.WORKING, RMState.WORKING)
    assert (messages(Unordered, state), state.faults) == ((), Faults(duplicates=1))
