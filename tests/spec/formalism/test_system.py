"""The one relation by which global states follow each other."""
# as in spec: the statement of a rule is its class's docstring

from typing import Any

import pytest
from attrs import evolve, frozen
from pyrsistent import PMap, pmap, pset

from spec.formalism.clauses import Absorb
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Fifo, Mail, SetDelivery, Unordered
from spec.formalism.engine import Engine, Refusal
from spec.formalism.environment import FINISHED, Effect, Environment, SetTimer, Spawn
from spec.formalism.errors import FormalismError, NotEnabledError, UnknownFamilyError
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId, EngineName, NodeId, identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    MailboxId,
    Message,
    Send,
    Time,
    Timer,
    TimerHandle,
    Trigger,
    arrived,
    elapsed,
)
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import Address, Faults, GlobalState, initial_state, messages
from spec.formalism.system import Successor, System, address_of, next_timers

ANN, BOB, EVE = (on_local_node(name) for name in ("ann", "bob", "eve"))
BELL, GONG = TimerHandle("bell"), TimerHandle("gong")
CHILD = EngineName("child")


class TakeNext(Rule[None, int, int]):
    """A number is taken if it is the next one; any other waits."""

    id = RuleId("test.take-next")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> int | None:
        number = arrived(trigger, int)
        return number.body if number and number.body == environment.local + 1 else None

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any] | None:
        return Effect(environment.with_local(output))


@frozen
class Order:
    """Tells an engine what to do."""

    effect: Effect[int]
    """What, but for the environment, which stays as it is."""


class Do(Rule[None, int, Effect[int]]):
    """An order is carried out."""

    id = RuleId("test.do")
    version = 1
    sources = ()

    @staticmethod
    def guard(
        trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[int] | None:
        order = arrived(trigger, Order)
        return order.body.effect if order else None

    @staticmethod
    def action(
        output: Effect[int], trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any] | None:
        return evolve(output, environment=environment)


class Fail(Rule[None, int, str]):
    """A text has no effect, so that its step is refused."""

    id = RuleId("test.fail")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> str | None:
        text = arrived(trigger, str)
        return text.body if text else None

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any] | None:
        return None


class Ring(Rule[None, int, Timer]):
    """When the bell rings, it says at what time."""

    id = RuleId("test.ring")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> Timer | None:
        return elapsed(trigger, BELL)

    @staticmethod
    def action(
        output: Timer, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any] | None:
        return Effect(environment.with_local(trigger.at * 100))


class TellTime(Rule[None, int, Time]):
    """A message that says nothing asks for the time."""

    id = RuleId("test.tell-time")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> Time | None:
        return trigger.at if arrived(trigger, type(None)) else None

    @staticmethod
    def action(
        output: Time, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any] | None:
        return Effect(environment.with_local(output))


TEST = EngineFamily(FamilyName("test"), (TakeNext, Do, Fail, Ring, TellTime), one_at_a_time)


def system(
    discipline: AnyDiscipline = Unordered, *, duplicates: int = 0, losses: int = 0
) -> System:
    return System(pmap({"test": TEST}), discipline, Faults(duplicates, losses))


def engine(name: EngineId = EVE, **parts: Any) -> Engine:
    return Engine(identity_of(name), "test", None, evolve(Environment[Any](0), **parts))


def mail(body: object, sender: EngineId = ANN, mailbox: int = 0, target: EngineId = EVE) -> Mail:
    return Message(sender, target, MailboxId(mailbox), body)


def order_to(effect: Effect[int]) -> Mail:
    return mail(Order(effect))


def start(of: System, *sent: Mail, engines: tuple[Engine, ...] | None = None) -> GlobalState:
    return initial_state(of.discipline, engines or (engine(),), sent, of.faults)


def run(of: System, state: GlobalState, *events: Event) -> GlobalState:
    for event in events:
        state, _ = of.step(state, event)
    return state


def in_flight(of: System, state: GlobalState) -> list[Any]:
    return [message.body for message in messages(of.discipline, state)]


def timers(**due: int) -> PMap[TimerHandle, Time]:
    return pmap({TimerHandle(handle): Time(at) for handle, at in due.items()})


def test_nothing_is_enabled_where_nothing_is_in_flight() -> None:
    assert system().enabled(start(system())) == ()


def test_a_message_is_delivered_once_and_has_its_effect() -> None:
    first, second = mail(1), mail(2)
    before = start(system(), first, second, first)
    after, record = system().step(before, Deliver(first))
    assert after == start(system(), first, second, engines=(engine(local=1),))
    assert record == Record(Deliver(first), (TakeNext.id,), consumed=first)
    assert system().enabled(after) == (Deliver(second),)


def test_an_emptied_mailbox_is_left_out() -> None:
    first = mail(1)
    assert run(system(), start(system(), first), Deliver(first)).mailboxes == pmap()


def test_what_no_guard_accepts_stays_and_is_seen() -> None:
    state = start(system(), mail(7))
    assert system().enabled(state) == ()
    assert in_flight(system(), state) == [7]


def test_what_nobody_is_there_to_receive_stays() -> None:
    state = start(system(), mail(1, target=BOB))
    assert system().enabled(state) == ()


def test_sent_messages_are_posted_under_the_senders_own_name() -> None:
    order = order_to(Effect(Environment(0), (Send(BOB, "b"), Send(EVE, 1, MailboxId(3)))))
    after, record = system().step(start(system(), order), Deliver(order))
    sent = (mail("b", EVE, target=BOB), mail(1, EVE, mailbox=3))
    assert after == start(system(), *sent)
    assert record == Record(Deliver(order), (Do.id,), consumed=order, sent=sent)


def test_an_engine_may_refill_the_mailbox_that_it_empties() -> None:
    order = order_to(Effect(Environment(0), (Send(EVE, 1),)))
    assert run(system(), start(system(), order), Deliver(order)) == start(system(), mail(1, EVE))


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_each_discipline_offers_the_next_messages(discipline: AnyDiscipline) -> None:
    """From ann one that is blocked and two that are not, one from bob, one in another mailbox."""
    sent = (mail(2), mail(1), mail("x"), mail(1, BOB), mail(1, mailbox=1))
    enabled = system(discipline).enabled(start(system(discipline), *sent))
    offered = {event.message for event in enabled if isinstance(event, Deliver)}
    assert len(enabled) == len(offered)
    in_any_order = {mail(1), mail("x"), mail(1, BOB), mail(1, mailbox=1)}
    assert offered == (in_any_order - {mail("x")} if discipline is Fifo else in_any_order)


def test_in_fifo_what_was_skipped_comes_first_as_soon_as_a_guard_accepts_it() -> None:
    fifo = system(Fifo)
    state = start(fifo, mail(2), mail(1), mail("x"))
    state = run(fifo, state, Deliver(mail(1)))
    assert in_flight(fifo, state) == [2, "x"]
    assert fifo.enabled(state) == (Deliver(mail(2)),)


def test_in_fifo_a_refused_message_is_not_skipped() -> None:
    fifo = system(Fifo)
    assert fifo.enabled(start(fifo, mail("x"), mail(1))) == (Deliver(mail("x")),)


def test_in_set_delivery_a_message_may_come_again_and_again() -> None:
    order = order_to(Effect(Environment(0), (Send(BOB, "b"),)))
    once = run(system(SetDelivery), start(system(SetDelivery), order), Deliver(order))
    assert in_flight(system(SetDelivery), once) == ["b", order.body]
    assert run(system(SetDelivery), once, Deliver(order)) == once


def test_a_duplicate_costs_one_of_the_budget_and_comes_once_more() -> None:
    twice = system(duplicates=1)
    state = start(twice, mail(1))
    assert twice.enabled(state) == (Deliver(mail(1)), Duplicate(mail(1)))
    after, record = twice.step(state, Duplicate(mail(1)))
    assert after == start(system(), mail(1), mail(1))
    assert record == Record(Duplicate(mail(1)))
    assert twice.enabled(after) == (Deliver(mail(1)),)


def test_in_fifo_a_duplicate_stands_right_behind_the_original() -> None:
    fifo = system(Fifo, duplicates=2)
    state = start(fifo, mail(1), mail(2), mail(3))
    assert in_flight(fifo, run(fifo, state, Duplicate(mail(2)))) == [1, 2, 2, 3]
    assert in_flight(fifo, run(fifo, state, Duplicate(mail(1)), Duplicate(mail(3)))) == [
        *(1, 1, 2, 3, 3)
    ]


def test_copies_of_a_message_are_offered_to_the_faults_once() -> None:
    faulty = system(Fifo, duplicates=1, losses=1)
    assert faulty.enabled(start(faulty, mail(7), mail(7))) == (Duplicate(mail(7)), Lose(mail(7)))


def test_in_set_delivery_nothing_can_be_duplicated() -> None:
    assert (
        system(SetDelivery, duplicates=1).enabled(start(system(SetDelivery, duplicates=1), mail(7)))
        == ()
    )


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_a_loss_costs_one_of_the_budget_and_takes_one_copy(discipline: AnyDiscipline) -> None:
    lossy = system(discipline, losses=2)
    state = start(lossy, mail(7), mail(8))
    after, record = lossy.step(state, Lose(mail(7)))
    assert after == evolve(start(lossy, mail(8)), faults=Faults(losses=1))
    assert record == Record(Lose(mail(7)))
    assert lossy.enabled(after) == (Lose(mail(8)),)
    assert run(lossy, after, Lose(mail(8))) == start(system(discipline))


def test_what_is_lost_is_one_copy_only() -> None:
    lossy = system(losses=1)
    after = run(lossy, start(lossy, mail(7), mail(7)), Lose(mail(7)))
    assert after == start(system(), mail(7))


def test_what_engines_do_costs_nothing_of_the_faults_budget() -> None:
    faulty = system(duplicates=2, losses=3)
    state = start(faulty, mail(1), engines=(engine(timers=timers(gong=4)),))
    after = run(faulty, state, Deliver(mail(1)), Elapse(EVE, Timer(Time(4), GONG)))
    assert after.faults == Faults(2, 3)


def test_even_what_has_no_receiver_may_be_lost_or_duplicated() -> None:
    faulty, astray = system(duplicates=1, losses=1), mail(1, target=BOB)
    assert faulty.enabled(start(faulty, astray)) == (Duplicate(astray), Lose(astray))


def test_events_come_in_one_order_messages_timers_duplications_losses() -> None:
    faulty = system(duplicates=1, losses=1)
    early = engine(ANN, timers=timers(bell=9))
    late = engine(timers=timers(gong=1))
    ours, anns = mail(1), mail(1, target=ANN)
    state = start(faulty, ours, anns, engines=(late, early))
    assert faulty.enabled(state) == (
        Deliver(anns),
        Deliver(ours),
        Elapse(ANN, Timer(Time(9), BELL)),
        Elapse(EVE, Timer(Time(1), GONG)),
        Duplicate(anns),
        Duplicate(ours),
        Lose(anns),
        Lose(ours),
    )


def test_timers_elapse_in_order_of_due_time_and_ties_in_any_order() -> None:
    ticking = engine(timers=timers(late=9, b=4, a=4))
    first, second = Timer(Time(4), TimerHandle("a")), Timer(Time(4), TimerHandle("b"))
    assert next_timers(ticking) == (first, second)
    assert next_timers(engine()) == ()
    state = start(system(), engines=(ticking,))
    for one, other in ((first, second), (second, first)):
        left = run(system(), state, Elapse(EVE, one))
        assert system().enabled(left) == (Elapse(EVE, other),)
        assert run(system(), left, Elapse(EVE, other)).engines[EVE] == engine(
            timers=timers(late=9), time=Time(4)
        )


def test_when_a_timer_elapses_it_is_the_time_when_it_was_due() -> None:
    state = start(system(), engines=(engine(timers=timers(bell=4)),))
    event = Elapse(EVE, Timer(Time(4), BELL))
    after, record = system().step(state, event)
    assert after == start(system(), engines=(engine(local=400, time=Time(4)),))
    assert record == Record(event, (Ring.id,))


def test_when_a_message_arrives_it_is_the_time_that_it_was_before() -> None:
    before = start(system(), mail(None), engines=(engine(time=Time(7)),))
    after = start(system(), engines=(engine(local=7, time=Time(7)),))
    assert run(system(), before, Deliver(mail(None))) == after


def test_a_timer_that_no_guard_accepts_elapses_all_the_same() -> None:
    state = start(system(), engines=(engine(timers=timers(gong=4)),))
    event = Elapse(EVE, Timer(Time(4), GONG))
    after, record = system().step(state, event)
    assert after == start(system(), engines=(engine(time=Time(4)),))
    assert record == Record(event)


def test_a_timer_without_delay_leaves_the_time_alone() -> None:
    changes = (SetTimer(BELL, Delay(0)),)
    order = order_to(Effect(Environment(0), timers=changes))
    state = start(system(), order, engines=(engine(time=Time(6)),))
    set_, record = system().step(state, Deliver(order))
    assert record == Record(Deliver(order), (Do.id,), consumed=order, timers=changes)
    assert system().enabled(set_) == (Elapse(EVE, Timer(Time(6), BELL)),)
    rung = run(system(), set_, Elapse(EVE, Timer(Time(6), BELL)))
    assert rung.engines[EVE] == engine(local=600, time=Time(6))


def test_a_superseded_timer_elapses_at_its_new_time_only() -> None:
    order = order_to(Effect(Environment(0), timers=(SetTimer(BELL, Delay(5)),)))
    state = start(system(), order, engines=(engine(timers=timers(bell=3)),))
    old, new = (Elapse(EVE, Timer(Time(due), BELL)) for due in (3, 5))
    assert system().enabled(state) == (Deliver(order), old)
    assert system().enabled(run(system(), state, Deliver(order))) == (new,)


def test_clocks_are_local() -> None:
    other = engine(ANN, time=Time(1))
    state = start(system(), engines=(engine(timers=timers(bell=4)), other))
    assert run(system(), state, Elapse(EVE, Timer(Time(4), BELL))).engines[ANN] == other


BIRTH = Spawn(CHILD, "test", None, Environment(5))


def test_a_spawned_engine_joins_the_others_and_may_be_sent_to_in_the_same_step() -> None:
    child = on_local_node("child")
    order = order_to(Effect(Environment(0), (Send(child, 6),), spawns=(BIRTH,)))
    after, record = system().step(start(system(), order), Deliver(order))
    first = mail(6, EVE, target=child)
    assert after == start(system(), first, engines=(engine(), engine(child, local=5)))
    assert record == Record(
        Deliver(order), (Do.id,), consumed=order, sent=(first,), spawned=(child,)
    )
    assert system().enabled(after) == (Deliver(first),)


@pytest.mark.parametrize(
    "spawns", [(BIRTH, BIRTH), (Spawn(EngineName("eve"), "test", None, Environment(0)),)]
)
def test_a_spawn_that_repeats_an_identity_is_refused(spawns: tuple[Spawn, ...]) -> None:
    order = order_to(Effect(Environment(0), (Send(BOB, 1),), spawns=spawns))
    state = start(system(), order)
    refusal = Refusal((Do.id,), "a spawned engine has the identity of another one")
    assert system().step(state, Deliver(order)) == (state, Record(Deliver(order), refusal=refusal))


def test_the_same_name_on_another_node_is_another_identity() -> None:
    far = EngineId(NodeId("far"), CHILD)
    order = order_to(Effect(Environment(0), spawns=(BIRTH,)))
    after = run(system(), start(system(), order, engines=(engine(), engine(far))), Deliver(order))
    assert set(after.engines) == {EVE, far, on_local_node("child")}


def test_a_refused_step_leaves_the_state_and_says_so_in_the_record() -> None:
    state = start(system(), mail("x"))
    refusal = Refusal((Fail.id,), "the action of test.fail has no effect to offer")
    assert system().enabled(state) == (Deliver(mail("x")),)
    assert system().step(state, Deliver(mail("x"))) == (
        state,
        Record(Deliver(mail("x")), refusal=refusal),
    )


def test_a_finished_engine_consumes_whatever_comes() -> None:
    done = engine(local=FINISHED)
    state = start(system(), mail(7), mail("x"), engines=(done,))
    after, record = system().step(state, Deliver(mail("x")))
    assert after == start(system(), mail(7), engines=(done,))
    assert record == Record(Deliver(mail("x")), (Absorb.id,), consumed=mail("x"))


@pytest.mark.parametrize(
    "event",
    [
        Deliver(mail(2)),
        Deliver(mail(9)),
        Duplicate(mail(1)),
        Lose(mail(1)),
        Elapse(EVE, Timer(Time(9), GONG)),
        Elapse(BOB, Timer(Time(4), BELL)),
    ],
)
def test_an_event_that_is_not_enabled_cannot_be_stepped(event: Event) -> None:
    state = start(system(), mail(1), mail(2), engines=(engine(timers=timers(bell=4, gong=9)),))
    with pytest.raises(NotEnabledError, match="not enabled: "):
        system().step(state, event)


def test_successors_are_the_steps_of_all_enabled_events() -> None:
    faulty = system(Fifo, duplicates=1, losses=1)
    state = start(faulty, mail(1), mail("x", BOB), engines=(engine(timers=timers(bell=4)),))
    steps = tuple(Successor(event, *faulty.step(state, event)) for event in faulty.enabled(state))
    assert tuple(faulty.successors(state)) == steps
    assert len(steps) == 7


def test_a_family_that_the_system_lacks_is_an_error_of_the_model() -> None:
    lost = Engine(identity_of(EVE), "lost", None, Environment(0))
    with pytest.raises(UnknownFamilyError, match="eve: no family 'lost'"):
        system().enabled(start(system(), mail(1), engines=(lost,)))
    assert issubclass(UnknownFamilyError, FormalismError)


def test_a_replaced_rule_is_replaced_for_every_engine_of_the_family() -> None:
    class TakeAny(TakeNext):
        @staticmethod
        def guard(
            trigger: Trigger, configuration: None, environment: Environment[int]
        ) -> int | None:
            number = arrived(trigger, int)
            return number.body if number else None

    wrong = system().replacing("test", TakeAny)
    state = start(wrong, mail(7), mail(8, target=ANN), engines=(engine(), engine(ANN)))
    assert wrong.enabled(state) == (Deliver(mail(8, target=ANN)), Deliver(mail(7)))
    assert system().enabled(state) == ()
    assert wrong == System(pmap({"test": TEST.replacing(TakeAny)}))


def test_a_message_has_the_address_of_its_targets_mailbox() -> None:
    assert address_of(mail(1, mailbox=2)) == Address(EVE, MailboxId(2))
    assert address_of(mail(1)) == Address(EVE, DEFAULT_MAILBOX)


def test_what_has_no_identity_yet_becomes_an_acquaintance_in_the_step_that_spawns() -> None:
    waiting = engine(unnamed_spawns=pset([CHILD]))
    order = order_to(Effect(Environment(0), spawns=(BIRTH,)))
    after = run(system(), start(system(), order, engines=(waiting,)), Deliver(order))
    child = identity_of(on_local_node("child"))
    assert after.engines[EVE] == engine(acquaintances=pmap({"child": child}))
