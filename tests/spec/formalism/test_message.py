"""What a trigger says of a message or a timer."""

from spec.formalism.identity import on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Message,
    MessageArrived,
    Time,
    Timer,
    TimerHandle,
    TimersElapsed,
    Trigger,
    arrived,
    elapsed,
)

MAIL = Message(on_local_node("a"), on_local_node("b"), DEFAULT_MAILBOX, "hello")
SOON = Timer(Time(3), TimerHandle("soon"))
LATE = Timer(Time(3), TimerHandle("late"))
BY_MESSAGE = Trigger(MessageArrived(MAIL), Time(0))
BY_TIMERS = Trigger(TimersElapsed((SOON, LATE)), Time(3))


def test_a_message_has_arrived_if_its_body_is_of_the_type_asked_for() -> None:
    assert arrived(BY_MESSAGE, str) == MAIL
    assert arrived(BY_MESSAGE, int) is None
    assert arrived(BY_TIMERS, object) is None


def test_a_timer_has_elapsed_if_it_is_among_those_of_the_trigger() -> None:
    assert elapsed(BY_TIMERS, TimerHandle("late")) == LATE
    assert elapsed(BY_TIMERS, TimerHandle("never")) is None
    assert elapsed(BY_MESSAGE, TimerHandle("soon")) is None


def test_timers_are_ordered_by_due_time_then_name() -> None:
    first = Timer(Time(2), TimerHandle("z"))
    assert sorted([SOON, LATE, first]) == [first, LATE, SOON]
