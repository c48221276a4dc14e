"""All that must hold of Anoma holds of small networks, and falls with broken rules."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.scenario.language import compile_program
from models.worlds import Arrival, NamedCandidate, Setting, anoma_world, keys_of, spread
from properties.anoma.system import anoma_properties
from properties.engine_laws import ENGINE_LAWS
from properties.property import Evidence, MonitorProperty, Property
from properties.reaction_laws import solvers_of
from spec.anoma.executor.behaviour import FinishTransaction
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import ExecutorEnv
from spec.anoma.executor.messages import ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD, AnswerReads, UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState, timeline_of
from spec.anoma.shard.messages import KVSRead, KVSWrite, UpdateSeenAll
from spec.anoma.shard.timeline import observation
from spec.anoma.worker.behaviour import OrderTransaction, RaiseMark
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.anoma.worker.messages import TransactionRequest
from spec.formalism.environment import Effect
from spec.formalism.family import EngineFamily
from spec.formalism.message import Message, Send, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import Faults, GlobalState
from spec.formalism.system import System

Explore = Callable[[System, GlobalState, tuple[Property, ...]], dict[str, Evidence]]
HUGE = TxFingerprint(1000)


def candidate(program: str, **keys: str) -> TransactionCandidate:
    """A transaction that declares these keys: eager_reads="x y", for instance."""
    sets = {name: frozenset(KVSKey(key) for key in keys[name].split()) for name in keys}
    return TransactionCandidate(TransactionLabel(**sets), compile_program(program, "test"))


INCREMENT = candidate('write("x", read("x") + 1)', eager_reads="x", will_writes="x")
LAZY = candidate(
    'if read("x"):\n    write("x", 2)\n    fail("no")\nwrite("x", 1)',
    lazy_reads="x",
    may_writes="x",
)
ALL = (*anoma_properties(pmap()), *ENGINE_LAWS)


def network(*candidates: TransactionCandidate, **options: Any) -> Setting:
    named = tuple(NamedCandidate(f"t{place}", each) for place, each in enumerate(candidates))
    return Setting(named, spread(keys_of(named, pmap()), 1), **options)


def findings(
    explore: Explore, setting: Setting, *broken: tuple[EngineFamily, AnyRule]
) -> dict[str, str]:
    """What is found where these rules are replaced."""
    world = anoma_world(setting, ALL)
    system = world.system
    for family, rule in broken:
        system = system.replacing(family.name, rule)
    found = explore(system, world.state, ALL)
    return {name: found[name].finding for name in found}


@pytest.mark.parametrize(
    "setting",
    [
        network(INCREMENT, LAZY, arrival=Arrival.GIVEN),
        network(LAZY, INCREMENT, arrival=Arrival.GIVEN, shard_family=COLLECTING_SHARD),
        network(INCREMENT, arrival=Arrival.GIVEN, pool_size=1),
        network(INCREMENT, faults=Faults(duplicates=1)),
    ],
)
def test_all_of_it_holds_of_small_networks(explore: Explore, setting: Setting) -> None:
    assert findings(explore, setting) == {}


def test_the_solvers_of_all_families_are_lawful() -> None:
    assert solvers_of(anoma_world(network(INCREMENT), ()).system) is None


@pytest.mark.slow
def test_what_monitors_remember_is_a_function_of_the_state(
    search: Callable[[System, tuple[Property, ...]], Any],
) -> None:
    monitors = tuple(each for each in ALL if isinstance(each, MonitorProperty))
    world = anoma_world(network(INCREMENT, INCREMENT), monitors)
    assert search(world.system, monitors).run(world.state) == (1845, 1845)


class AnswersWithoutMark(AnswerReads):
    """Reads are answered whatever the mark says."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """As if every mark had been heard."""
        state = environment.local
        heard = evolve(state, heard=pmap(dict.fromkeys(configuration.workers, HUGE)))
        effect = AnswerReads.action(output, trigger, configuration, environment.with_local(heard))
        kept = evolve(effect.environment.local, heard=state.heard)
        return Effect(environment.with_local(kept), effect.sends)


class AnswersAgain(AnswerReads):
    """A read is answered, and stays pending."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """The answers alone."""
        effect = AnswerReads.action(output, trigger, configuration, environment)
        return Effect(environment, effect.sends)


class AnswersWithGenesis(AnswerReads):
    """A read is answered with the value at the start."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """What was there before the first transaction."""
        effect = AnswerReads.action(output, trigger, configuration, environment)
        sends = tuple(
            evolve(each, body=AnswersWithGenesis.instead(environment.local, each.body))
            for each in effect.sends
        )
        return evolve(effect, sends=sends)

    @staticmethod
    def instead(state: ShardState, answer: KVSRead) -> KVSRead:
        """The answer with the first version."""
        first = observation(timeline_of(state, answer.key), TxFingerprint(GENESIS + 1))
        return evolve(answer, observation=first or answer.observation)


class TakesTheLastMark(UpdateMark):
    """The mark is the last one heard."""

    @staticmethod
    def action(
        output: Message[UpdateSeenAll],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """Overwritten."""
        state = environment.local
        heard = state.heard.set(output.sender, output.body.fingerprint)
        return Effect(environment.with_local(evolve(state, heard=heard)))


class AnnouncesAtOnce(RaiseMark):
    """The mark is the last fingerprint, whoever has acknowledged."""

    @staticmethod
    def action(
        output: TxFingerprint,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        """The last one."""
        update = UpdateSeenAll(environment.local.last)
        return Effect(
            environment, tuple(Send(shard, update) for shard in configuration.placement.shards)
        )


class ForgetsTheFingerprint(OrderTransaction):
    """Every transaction gets the fingerprint 1."""

    @staticmethod
    def action(
        output: Message[TransactionRequest],
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        """The last fingerprint is forgotten."""
        effect = OrderTransaction.action(output, trigger, configuration, environment)
        forgetful = evolve(effect.environment.local, last=GENESIS)
        return evolve(effect, environment=effect.environment.with_local(forgetful))


def ending(change: Callable[[tuple[Send, ...]], tuple[Send, ...]]) -> AnyRule:
    """Executors that send otherwise at their end."""

    class Otherwise(FinishTransaction):
        """Something else is sent."""

        @staticmethod
        def action(
            output: Any,
            trigger: Trigger,
            configuration: ExecutorConfiguration,
            environment: ExecutorEnv,
        ) -> Effect[Any]:
            """Otherwise."""
            effect = FinishTransaction.action(output, trigger, configuration, environment)
            return evolve(effect, sends=change(effect.sends))

    return Otherwise


def to_issuer_alone(sends: tuple[Send, ...]) -> tuple[Send, ...]:
    return tuple(
        each
        for each in sends
        if not (isinstance(each.body, ExecutorFinished) and each.target.name == "worker")
    )


def without_releases(sends: tuple[Send, ...]) -> tuple[Send, ...]:
    return tuple(
        each for each in sends if not (isinstance(each.body, KVSWrite) and each.body.datum is None)
    )


BOTH = network(INCREMENT, INCREMENT, arrival=Arrival.GIVEN)


@pytest.mark.slow
def test_answers_that_do_not_wait_for_the_mark_break_serializability_three_times(
    explore: Explore,
) -> None:
    expected = {
        "execution equals timestamp order": "T2 did not do what it does in timestamp order",
        "history is serializable": "dependencies form a cycle: T1 -> T2 -> T1",
        "reads see the latest earlier write": (
            "T2 was answered x before all earlier writes of it were known"
        ),
        "no transaction finishes before those whose writes it waits for": (
            "T2 has read x and finished before T1, which may write it"
        ),
    }
    world = anoma_world(BOTH, tuple(each for each in ALL if each.name in expected))
    system = world.system.replacing(SHARD.name, AnswersWithoutMark)
    found = explore(system, world.state, world.properties)
    assert {name: found[name].finding for name in found} == expected


def test_answers_with_an_old_value_break_serializability(explore: Explore) -> None:
    found = findings(explore, BOTH, (SHARD, AnswersWithGenesis))
    assert set(found) == {
        "execution equals timestamp order",
        "history is serializable",
        "reads see the latest earlier write",
    }
    assert found["reads see the latest earlier write"] == (
        "T2 read x = 0 (version 0), the latest earlier write is 1 (version 1)"
    )


def test_answers_that_leave_reads_pending_are_given_again(explore: Explore) -> None:
    found = findings(explore, network(INCREMENT), (SHARD, AnswersAgain))
    assert found == {
        "each read is answered once": "the read of x by T1 is answered again",
        "no lock, read or message is pending": (
            "shard.1: the read by T1 of x is pending or unasked"
        ),
    }


def test_a_mark_that_is_overwritten_falls(explore: Explore) -> None:
    found = findings(explore, BOTH, (SHARD, TakesTheLastMark))
    assert found["marks never fall"] == ("the mark that shard.1 heard from worker fell from 2 to 1")


def test_a_mark_that_waits_for_nobody_is_not_sound(explore: Explore) -> None:
    worker = anoma_world(BOTH, ()).system.families["worker"]
    found = findings(explore, network(INCREMENT), (worker, AnnouncesAtOnce))
    assert found["marks are sound"] == (
        "worker has announced the mark 1, but the lock of T1 has not reached shard.1"
    )


def test_a_fingerprint_that_is_given_twice_is_found_and_the_second_executor_refused(
    explore: Explore,
) -> None:
    worker = anoma_world(BOTH, ()).system.families["worker"]
    found = findings(explore, network(INCREMENT, INCREMENT), (worker, ForgetsTheFingerprint))
    assert found["no step is refused"] == (
        "worker (worker.order-transaction): a spawned engine has the identity of another one"
    )


def test_an_end_that_the_worker_does_not_hear_of_is_found(explore: Explore) -> None:
    executor = anoma_world(BOTH, ()).system.families["executor"]
    found = findings(explore, network(INCREMENT), (executor, ending(to_issuer_alone)))
    assert found == {
        "every transaction finished": "worker has no summary of T1",
        "the summary reaches worker and issuer once each and is the same": (
            "executor.1 did not tell worker of T1"
        ),
        "the store is that of the sequential run": (
            "the store is another one than after the sequential run"
        ),
    }


def test_an_end_that_releases_nothing_leaves_locks_pending(explore: Explore) -> None:
    executor = anoma_world(BOTH, ()).system.families["executor"]
    fails = candidate('fail("no")', will_writes="x")
    found = findings(explore, network(fails), (executor, ending(without_releases)))
    assert found == {
        "no lock, read or message is pending": (
            "shard.1: the write by T1 of x is pending or unasked"
        )
    }


def test_every_property_has_a_sentence_of_its_own_and_a_rule() -> None:
    assert len({each.name for each in ALL}) == len(ALL)
    assert all(each.rule.count(".") == 1 for each in ALL)
