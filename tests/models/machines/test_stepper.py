"""State machines over the stepper: the reference holds, broken rules are found, failures are short."""

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from pyrsistent import PSet, pmap

from models.catalogue import model_named
from models.machines.networks import Bounds, scene_in, scenes
from models.machines.run import PropertyBroken, Scene, scene_of
from models.machines.stepper import MAX_STEPS, SIZE_CHECKS, WorldMachine, machine_for, walk
from models.model import Model, World
from spec.anoma.executor.behaviour import FinishTransaction, StartTransaction
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import Ended, ExecutorEnv, ExecutorState, Idle, Running
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.placement import shard_of
from spec.anoma.shard.behaviour import AnswerReads, UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import KVSWrite, UpdateSeenAll
from spec.anoma.system import WORKER_ID
from spec.anoma.worker.behaviour import RaiseMark
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.environment import Effect, Finished
from spec.formalism.message import Message, Send, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import Faults

FAR = TxFingerprint(1000)
"""A mark above all transactions."""

COUNTER = """
system = "anoma"
[[transaction]]
name = "one"
reads = ["a"]
writes = ["a"]
program = 'write("a", read("a") + 1)'
[[transaction]]
name = "other"
reads = ["a"]
writes = ["a"]
program = 'write("a", read("a") + 1)'
"""

TWICE = """
system = "anoma"
[[transaction]]
name = "writer"
reads = ["b"]
writes = ["a"]
program = '''
write("a", 1)
write("a", read("b") + 2)
'''
[[transaction]]
name = "reader"
reads = ["a"]
program = 'read("a")'
"""

FAILING = """
system = "anoma"
[[transaction]]
name = "failing"
writes = ["a"]
program = '''
write("a", 1)
fail("no")
'''
"""

SIMPLEST = """system = "anoma"
shards = 1
arrival = "any"
delivery = "unordered"
[genesis]
a = 0
[[transaction]]
name = "t1"
program = '''
pass
'''"""


WHOLE = scene_in(COUNTER)
"""The counter with nothing broken."""


class AnswersAboveTheMark(AnswerReads):
    """A read is answered although the locks of earlier transactions may be on their way."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """As if the mark had reached every transaction."""
        state = environment.local
        heard = state.heard
        for worker in configuration.workers:
            heard = heard.set(worker, FAR)
        ahead = environment.with_local(evolve(state, heard=heard))
        effect = AnswerReads.action(output, trigger, configuration, ahead)
        answered = evolve(effect.environment.local, heard=state.heard)
        return Effect(environment.with_local(answered), effect.sends)


class TakesAnyMark(UpdateMark):
    """The mark is the one heard last."""

    @staticmethod
    def action(
        output: Message[UpdateSeenAll],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """Whatever it was before."""
        state = environment.local
        marks = state.heard.set(output.sender, output.body.fingerprint)
        return Effect(environment.with_local(evolve(state, heard=marks)))


class RaisesByOneMore(RaiseMark):
    """The mark includes the first transaction that misses an acknowledgement."""

    @staticmethod
    def action(
        output: TxFingerprint,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        """One above what is so."""
        effect = RaiseMark.action(output, trigger, configuration, environment)
        marks = tuple(
            Send(send.target, UpdateSeenAll(TxFingerprint(send.body.fingerprint + 1)))
            for send in effect.sends
        )
        return Effect(environment, marks)


class SendsWritesAtOnce(StartTransaction):
    """What the program has written when it first waits is sent to the shards."""

    @staticmethod
    def action(
        output: tuple[Idle, ExecuteTransaction],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        """The first values, which are not always the last ones."""
        effect = StartTransaction.action(output, trigger, configuration, environment)
        run = effect.environment.local
        written = run.written if isinstance(run, Running) else {}
        fingerprint = output[1].fingerprint
        sends = tuple(
            Send(shard_of(configuration.placement, key), KVSWrite(fingerprint, key, written[key]))
            for key in sorted(written)
        )
        return evolve(effect, sends=sends)


class TellsTheWorkerOnly(FinishTransaction):
    """The issuer does not hear of the end."""

    @staticmethod
    def action(
        output: PSet[KVSKey],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState] | Effect[Finished]:
        """One summary fewer."""
        effect = FinishTransaction.action(output, trigger, configuration, environment)
        ended = environment.local
        issuer = ended.run.transaction.issuer if isinstance(ended, Ended) else None
        return evolve(effect, sends=tuple(s for s in effect.sends if s.target != issuer))


class WritesWhenItFails(FinishTransaction):
    """A failed transaction leaves what it had written."""

    @staticmethod
    def action(
        output: PSet[KVSKey],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState] | Effect[Finished]:
        """As if there were nothing to take back."""
        ended = environment.local
        if not isinstance(ended, Ended):
            return Effect(environment)
        kept = environment.with_local(evolve(ended, failure=None))
        effect = FinishTransaction.action(output, trigger, configuration, kept)
        summary = FinishTransaction.action(output, trigger, configuration, environment).sends[-1]
        sends = tuple(
            Send(send.target, summary.body) if isinstance(send.body, ExecutorFinished) else send
            for send in effect.sends
        )
        return evolve(effect, sends=sends)


def quick(examples: int) -> settings:
    """So many runs; what is found is shrunk, and not explained."""
    return settings(
        settings(),
        max_examples=examples,
        stateful_step_count=MAX_STEPS,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=SIZE_CHECKS,
    )


def twin(text: str, family: str, rule: AnyRule, name: str) -> Scene:
    """The scene with one rule replaced, judged on one property."""
    return scene_of(replaced(scene_in(text).world, family, rule, name), text)


def replaced(world: World, family: str, rule: AnyRule, name: str) -> World:
    """The world with one rule replaced, judged on one property."""
    judged = tuple(each for each in world.properties if each.name == name)
    return evolve(world, system=world.system.replacing(family, rule), properties=judged)


def found_by(machine: type[WorldMachine], examples: int = 100) -> PropertyBroken:
    """What the machine finds, shrunk."""
    with pytest.raises(PropertyBroken) as broken:
        run_state_machine_as_test(machine, settings=quick(examples))
    return broken.value


def builtin(name: str) -> Model:
    model = model_named(name)
    assert model is not None
    return model


TWINS = [
    (COUNTER, "shard", AnswersAboveTheMark, "reads see the latest earlier write", 8),
    (COUNTER, "shard", AnswersAboveTheMark, "execution equals timestamp order", 10),
    (COUNTER, "shard", TakesAnyMark, "marks never fall", 12),
    (COUNTER, "worker", RaisesByOneMore, "marks are sound", 12),
    (TWICE, "executor", SendsWritesAtOnce, "execution equals timestamp order", 18),
    (TWICE, "executor", SendsWritesAtOnce, "the store is that of the sequential run", 24),
    (FAILING, "executor", WritesWhenItFails, "a failed transaction writes nothing", 4),
    (
        *(FAILING, "executor", TellsTheWorkerOnly),
        *("the summary reaches worker and issuer once each and is the same", 4),
    ),
]


@pytest.mark.parametrize(("text", "family", "rule", "name", "steps"), TWINS)
def test_a_broken_rule_is_found_in_few_steps(
    text: str, family: str, rule: AnyRule, name: str, steps: int
) -> None:
    broken = found_by(machine_for(twin(text, family, rule, name)))
    assert broken.property.name == name
    assert len(broken.trace) <= steps


@pytest.mark.parametrize(("text", "family", "rule", "name", "steps"), TWINS)
def test_where_the_rule_is_whole_the_same_machine_finds_nothing(
    text: str, family: str, rule: AnyRule, name: str, steps: int
) -> None:
    reference = next(each for each in rule.__mro__[1:] if each.id == rule.id)  # type: ignore[attr-defined]
    machine = machine_for(twin(text, family, reference, name), max_steps=3 * steps)
    run_state_machine_as_test(machine, settings=quick(25))


def test_a_broken_rule_is_found_in_a_drawn_network_and_the_network_shrinks_too() -> None:
    def broken_in(scene: Scene) -> Scene:
        rule = (scene.world, "executor", TellsTheWorkerOnly)
        return scene_of(replaced(*rule, "every transaction finished"), scene.text)

    broken = found_by(machine_for(scenes(Bounds(2, 2, 2)).map(broken_in)))
    assert broken.run.scene.text == SIMPLEST
    assert len(broken.trace) <= 6


def test_a_model_that_must_fail_fails_as_it_says() -> None:
    model = builtin("pool")
    assert found_by(machine_for(model)).property.name == model.breaks


@pytest.mark.parametrize(
    "name",
    ["voting", "transfer", "lazy", "failing", "collecting", "pool-fifo", "smallbank", "waves"],
)
def test_the_reference_holds_in_built_in_models(name: str) -> None:
    run_state_machine_as_test(machine_for(builtin(name), max_steps=200), settings=quick(15))


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
@pytest.mark.parametrize(
    "faults", [Faults(), Faults(duplicates=2), Faults(losses=1), Faults(duplicates=1, losses=2)]
)
def test_the_reference_holds_in_drawn_networks(discipline: AnyDiscipline, faults: Faults) -> None:
    bounds = Bounds(faults=faults, disciplines=(discipline,))
    machine = machine_for(scenes(bounds), max_steps=200)
    run_state_machine_as_test(machine, settings=quick(30))


@quick(30)
@given(st.data())
def test_a_walk_goes_to_rest(data: st.DataObject) -> None:
    run = walk(data, WHOLE)
    assert run.rests
    assert run.state.mailboxes == pmap()
    assert run.state.engines[WORKER_ID].environment.local.last == len(run.scene.world.transactions)


@quick(30)
@given(st.data())
def test_a_walk_goes_no_further_than_it_is_told(data: st.DataObject) -> None:
    assert len(walk(data, WHOLE.world, max_steps=5).records) == 5


def test_a_walk_finds_a_broken_rule() -> None:
    scene = twin(COUNTER, "shard", AnswersAboveTheMark, "reads see the latest earlier write")

    @quick(100)
    @given(st.data())
    def found(data: st.DataObject) -> None:
        walk(data, scene)

    with pytest.raises(PropertyBroken) as broken:
        found()
    assert broken.value.property.name == "reads see the latest earlier write"
    assert len(broken.value.trace) <= 12
