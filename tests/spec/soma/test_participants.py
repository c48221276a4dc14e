"""Sources and callers note what they hear; a nemesis breaks so many tasks."""

import pytest
from pyrsistent import pmap, pset

from spec.formalism.engine import Engine, Reaction, react
from spec.formalism.environment import DiscardTimer, Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Message,
    MessageArrived,
    Time,
    Timer,
    TimerHandle,
    TimersElapsed,
    Trigger,
)
from spec.formalism.rule import RuleId
from spec.soma.authority.messages import ExecutionFailed
from spec.soma.certificate import TransactionDigest
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import ExecutionError
from spec.soma.manager.messages import CertificateRefused, Reason
from spec.soma.participants import (
    CALLER,
    NEMESIS,
    SOURCE,
    CallerState,
    NemesisConfiguration,
    NemesisState,
    SourceState,
    breaking,
    threatening,
)
from spec.soma.task.messages import Crash

OWN, OTHER = on_local_node("own"), on_local_node("other")
TASKS = (on_local_node("task.1"), on_local_node("task.2"))
A = TransactionDigest("a")


def heard(body: object) -> Trigger:
    return Trigger(MessageArrived(Message(OTHER, OWN, DEFAULT_MAILBOX, body)), Time(0))


def broken(crashes: int) -> Reaction:
    """What a nemesis does that may break so many tasks, when the timer of the first one elapses."""
    engine = Engine(
        identity_of(OWN), NEMESIS.name, NemesisConfiguration(TASKS), threatening(TASKS, crashes)
    )
    trigger = Trigger(TimersElapsed((Timer(Time(0), breaking(TASKS[0])),)), Time(0))
    reaction = react(NEMESIS, engine, trigger)
    assert isinstance(reaction, Reaction)
    assert reaction.sent == (Message(OWN, TASKS[0], DEFAULT_MAILBOX, Crash()),)
    return reaction


def test_a_source_notes_what_is_refused() -> None:
    refusal = CertificateRefused(A, FIRST_EPOCH, Reason.CLOSED)
    engine = Engine(identity_of(OWN), SOURCE.name, None, Environment(SourceState()))
    after = Environment(SourceState(pset([refusal])))
    assert react(SOURCE, engine, heard(refusal)) == Reaction(after, (RuleId("soma.note-refusal"),))


def test_a_caller_notes_results() -> None:
    result = ExecutionFailed(A, ExecutionError.MISSING_INPUT)
    engine = Engine(identity_of(OWN), CALLER.name, None, Environment(CallerState()))
    after = Environment(CallerState(pset([result])))
    assert react(CALLER, engine, heard(result)) == Reaction(after, (RuleId("soma.note-result"),))


def test_a_nemesis_whose_budget_is_spent_breaks_nothing_more() -> None:
    reaction = broken(1)
    assert reaction.environment == Environment(NemesisState(0))
    assert reaction.timers == tuple(DiscardTimer(breaking(task)) for task in TASKS)


def test_a_nemesis_breaks_other_tasks_as_long_as_its_budget_lasts() -> None:
    left = pmap({breaking(TASKS[1]): Time(0)})
    assert broken(2).environment == Environment(NemesisState(1), timers=left)


def test_a_nemesis_without_a_budget_threatens_nobody() -> None:
    assert threatening(TASKS, 0) == Environment(NemesisState(0))


def test_what_is_no_refusal_is_nothing_to_a_source() -> None:
    engine = Engine(identity_of(OWN), SOURCE.name, None, Environment(SourceState()))
    assert react(SOURCE, engine, heard(Crash())) is None


@pytest.mark.parametrize(
    "trigger",
    [heard(Crash()), Trigger(TimersElapsed((Timer(Time(0), TimerHandle("other")),)), Time(0))],
)
def test_a_nemesis_heeds_nothing_but_its_own_timers(trigger: Trigger) -> None:
    engine = Engine(
        identity_of(OWN), NEMESIS.name, NemesisConfiguration(TASKS), threatening(TASKS, 1)
    )
    assert react(NEMESIS, engine, trigger) is None
