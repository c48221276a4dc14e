"""Events are told so that they are found again, among those that can happen."""

from collections.abc import Callable

from attrs import evolve

from models.model import World
from models.traces.document import Delivery, Duplication, Elapsing, Loss
from models.traces.happening import Match, matched, told
from models.traces.stepping import taken
from models.traces.subject import Named
from spec.formalism.canonical import Digest, digest
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose
from spec.formalism.identity import EngineId, EngineName, NodeId, on_local_node
from spec.formalism.message import MailboxId, Message, Time, Timer, TimerHandle
from spec.formalism.state import Faults

RandomRun = Callable[[World, int, int], list[Event]]

ELSEWHERE = EngineId(NodeId("n"), EngineName("b"))
MESSAGE = Message(on_local_node("a"), ELSEWHERE, MailboxId(2), "hello")
OTHER = Digest("0" * 64)


def test_an_event_is_told_by_what_it_is_whom_it_concerns_and_its_digest() -> None:
    for kind, event in (
        (Delivery, Deliver(MESSAGE)),
        (Duplication, Duplicate(MESSAGE)),
        (Loss, Lose(MESSAGE)),
    ):
        assert told(event) == kind("a", "n/b", 2, "hello", digest(event))
    elapse = Elapse(ELSEWHERE, Timer(Time(3), TimerHandle("t")))
    assert told(elapse) == Elapsing("n/b", "t", 3, digest(elapse))


def test_every_event_that_can_happen_is_found_again(voting: Named, run: RandomRun) -> None:
    faults = Faults(1, 1)
    system, state = voting.world.system, evolve(voting.world.state, faults=faults)
    kinds: set[type[Event]] = set()
    for chosen in run(evolve(voting.world, state=state), 5, 8):
        for event in system.enabled(state):
            kinds.add(type(event))
            step = taken(system, state, event)
            assert step is not None
            assert matched(system, state, told(event)) == Match(step, same=True)
        state, _ = system.step(state, chosen)
    assert kinds == {Deliver, Elapse, Duplicate, Lose}


def test_an_event_with_another_digest_is_the_only_one_that_reads_the_same(voting: Named) -> None:
    system, state = voting.world.system, voting.world.state
    event = system.enabled(state)[0]
    step = taken(system, state, event)
    assert step is not None
    wanted = told(event)
    assert matched(system, state, evolve(wanted, digest=OTHER)) == Match(step, same=False)
    assert isinstance(wanted, Delivery)
    assert matched(system, state, evolve(wanted, digest=OTHER, body="?")) is None
    for change in ({"sender": "?"}, {"target": "?"}, {"mailbox": 99}):
        assert matched(system, state, evolve(wanted, **change)) is None
    assert matched(system, state, Elapsing("worker", "t", 3, OTHER)) is None
