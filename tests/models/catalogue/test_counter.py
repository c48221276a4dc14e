"""Increments are counted."""

from attrs import evolve
from pyrsistent import PSet, pmap

from models.catalogue.counter import COUNTERS, counted
from models.search.exhaustive import explore
from properties.outcome import Outcome
from spec.anoma.executor.behaviour import EXECUTOR, FinishTransaction
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import ExecutorEnv, ExecutorState
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.shard.messages import KVSWrite
from spec.formalism.environment import Effect, Finished
from spec.formalism.message import Send, Trigger


def doubled(send: Send) -> Send:
    """The same, with twice the value if it is a write."""
    match send.body:
        case KVSWrite(datum=int() as datum) as write:
            return evolve(send, body=evolve(write, datum=KVSDatum(2 * datum)))
        case _:
            return send


class WriteDouble(FinishTransaction):
    """A broken twin: what is written is twice what the program says."""

    @staticmethod
    def action(  # a half of a rule
        output: PSet[KVSKey],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState] | Effect[Finished]:
        effect = FinishTransaction.action(output, trigger, configuration, environment)
        return evolve(effect, sends=tuple(map(doubled, effect.sends)))


def test_an_increment_too_few_or_too_many_is_found() -> None:
    def reached(value: int) -> Outcome:
        return Outcome((), pmap({KVSKey("counter"): KVSDatum(value)}), pmap())

    assert [counted(2, reached(value)) is None for value in (1, 2, 3)] == [False, True, False]


def test_an_executor_that_writes_something_else_loses_count() -> None:
    world = COUNTERS.build({each.name: each.default for each in COUNTERS.parameters})
    own = tuple(each for each in world.properties if each.name == "no increment is lost")
    wrong = world.system.replacing(EXECUTOR.name, WriteDouble)
    assert explore(evolve(world, properties=own)).broken() == ()
    broken = explore(evolve(world, system=wrong, properties=own)).broken()
    assert [each.property for each in broken] == list(own)
