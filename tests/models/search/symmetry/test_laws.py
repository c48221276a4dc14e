"""What is declared to be interchangeable and is not is refused, with the reason."""

from typing import Any

import pytest
from attrs import evolve

from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.voting import VOTING
from models.model import Interchangeable, Model, Value, World
from models.search.symmetry.group import SymmetryError
from models.search.symmetry.search import explore_symmetric
from properties.property import Evidence, Kind, MonitorProperty
from spec.commit.behaviour import (
    TRANSACTION_MANAGER,
    DecideAbort,
    DecideCommit,
    RecordPrepared,
)
from spec.commit.configuration import ResourceManagerConfiguration, TransactionManagerConfiguration
from spec.commit.environment import ResourceManager, TransactionManager
from spec.commit.messages import Commit, Prepared
from spec.commit.participants import ObeyCommit
from spec.commit.system import MANAGER, resource_manager_id
from spec.formalism.delivery import SetDelivery
from spec.formalism.environment import Effect, Environment
from spec.formalism.event import Record
from spec.formalism.family import EngineFamily, one_at_a_time
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle, Trigger
from spec.formalism.rule import RuleId
from spec.formalism.state import initial_state

LAST = resource_manager_id(4)


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def commit(*rules: Any) -> World:
    """Four resource managers, with other rules of the managers of the transaction or of resources."""
    world = build(TWO_PHASE_COMMIT, resource_managers=4)
    for rule in rules:
        family = "resource-manager" if issubclass(rule, ObeyCommit) else "transaction-manager"
        world = evolve(world, system=world.system.replacing(family, rule))
    return world


def refusal(world: World) -> str:
    with pytest.raises(SymmetryError) as error:
        explore_symmetric(world, until=frozenset())
    return str(error.value)


class HearsTheLastTwice(RecordPrepared):
    """Nobody counts the last resource manager before all others have prepared."""

    @staticmethod
    def action(
        output: Message[Prepared],
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = RecordPrepared.action(output, trigger, configuration, environment)
        early = output.sender == LAST and len(environment.local.prepared) < 3
        return Effect(environment) if early else effect


class HearsInOrder(RecordPrepared):
    """Whoever comes before somebody who has prepared comes too late."""

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Message[Prepared] | None:
        message = RecordPrepared.guard(trigger, configuration, environment)
        late = message and any(each > message.sender for each in environment.local.prepared)
        return None if late else message


class TellsAllButTheLast(DecideCommit):
    """The last resource manager is not told."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = DecideCommit.action(output, trigger, configuration, environment)
        return evolve(effect, sends=tuple(each for each in effect.sends if each.target != LAST))


class LastHasNoTime(ObeyCommit):
    """The last resource manager cannot handle what it is told."""

    @staticmethod
    def action(
        output: Message[Commit],
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        if output.target == LAST:
            raise ValueError("no time")
        return ObeyCommit.action(output, trigger, configuration, environment)


class HearsAllButTheLast(RecordPrepared):
    """Whoever is not the last is heard by this rule."""

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Message[Prepared] | None:
        message = RecordPrepared.guard(trigger, configuration, environment)
        return message if message and message.sender != LAST else None


class HearsTheLast(RecordPrepared):
    """The last is heard by a rule of its own, which does the same."""

    id = RuleId("test.hears-the-last")

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Message[Prepared] | None:
        message = RecordPrepared.guard(trigger, configuration, environment)
        return message if message and message.sender == LAST else None


def test_who_is_heard_by_a_rule_of_its_own_would_be_missed_in_the_coverage() -> None:
    world = commit()
    rules = (HearsAllButTheLast, HearsTheLast, DecideCommit, DecideAbort)
    family = EngineFamily(TRANSACTION_MANAGER, rules, one_at_a_time)
    families = world.system.families.set(TRANSACTION_MANAGER, family)
    told = refusal(evolve(world, system=evolve(world.system, families=families)))
    assert told.endswith("other rules have fired: commit.record-prepared and test.hears-the-last")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (
            HearsTheLastTwice,
            (
                "after 'tm takes Prepared() from rm.3' and 'tm takes Prepared() from rm.4' the second "
                "leads to TransactionManager() instead of TransactionManager(prepared={rm.4})"
            ),
        ),
        (HearsInOrder, "'rm.4 -> tm: Prepared()' is taken, and 'rm.1 -> tm: Prepared()' is not"),
        (
            TellsAllButTheLast,
            (
                "after 'tm: its timer committing elapses at 0' other messages are sent, "
                "or other engines spawned"
            ),
        ),
        (
            LastHasNoTime,
            (
                "after 'rm.3 takes Commit() from tm' and 'rm.4 takes Commit() from tm' other rules "
                "have fired: commit.obey-commit and no rule"
            ),
        ),
    ],
)
def test_a_rule_that_knows_one_of_them_is_found(rule: Any, why: str) -> None:
    told = refusal(commit(rule))
    assert told == f"rm.1, rm.2, rm.3 and rm.4 are not interchangeable: {why}"


def test_the_start_has_to_stay_what_it_is() -> None:
    world = build(VOTING)
    names = tuple((on_local_node(f"voter.{number}"),) for number in (1, 2))
    declared = evolve(world, symmetry=(Interchangeable(names),))
    assert refusal(declared) == (
        "voter.1 and voter.2 are not interchangeable: at the start, the engine voter.1 differs"
    )


def test_what_is_in_flight_at_the_start_counts() -> None:
    world = commit()
    mail = Message(resource_manager_id(1), MANAGER, DEFAULT_MAILBOX, Prepared())
    engines = tuple(world.state.engines.values())
    state = initial_state(world.system.discipline, engines, (mail,))
    assert refusal(evolve(world, state=state)) == (
        "rm.1 and rm.2 are not interchangeable: at the start, a mailbox of tm differs"
    )


def test_timers_count() -> None:
    world = commit()
    first = world.state.engines[resource_manager_id(1)]
    environment = evolve(
        first.environment, timers=first.environment.timers.set(TimerHandle("late"), Time(0))
    )
    engines = world.state.engines.set(
        resource_manager_id(1), evolve(first, environment=environment)
    )
    declared = evolve(world, state=evolve(world.state, engines=engines))
    assert refusal(declared).endswith("at the start, the engine rm.1 differs")


def foremost(memory: EngineId | None, record: Record) -> EngineId | None:
    """The first in order of all who have prepared."""
    if record.consumed is None or not isinstance(record.consumed.body, Prepared):
        return memory
    sender = record.consumed.sender
    return sender if memory is None else min(memory, sender)


def count_the_last(memory: int, record: Record) -> int:
    """How often the last of all was heard, once at most."""
    return 1 if record.consumed is not None and record.consumed.sender == LAST else memory


def hear_of_the_last(memory: int, record: Record) -> int:
    """Whether the last of all was told to commit, which is late in a run."""
    told = record.consumed is not None and isinstance(record.consumed.body, Commit)
    return 1 if told and record.consumed and record.consumed.target == LAST else memory


def as_before(memory: EngineId, _: Record) -> EngineId:
    """Whoever it was."""
    return memory


def nothing(_: object) -> Evidence | None:
    return None


@pytest.mark.parametrize(
    ("start", "observe"),
    [(None, foremost), (0, count_the_last), (0, hear_of_the_last), (LAST, as_before)],
)
def test_a_monitor_that_knows_one_of_them_is_named(start: Any, observe: Any) -> None:
    rule = RuleId("test.order")
    monitor = MonitorProperty("knows them", rule, Kind.ALWAYS, start, observe, nothing)
    world = commit()
    told = refusal(evolve(world, properties=(*world.properties, monitor)))
    assert "are not interchangeable" in told
    assert "'knows them'" in told


class OfMyOwn(SetDelivery):
    """A discipline that the specification does not know."""

    id = RuleId("test.delivery")
    name = "my own"


def test_a_discipline_that_nobody_knows_is_refused() -> None:
    world = commit()
    declared = evolve(world, system=evolve(world.system, discipline=OfMyOwn))
    assert refusal(declared) == "nobody knows whether 'my own' treats all names alike"


def test_what_is_interchangeable_passes() -> None:
    assert explore_symmetric(commit()).complete
