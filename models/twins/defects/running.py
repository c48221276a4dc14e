"""What the published text gets wrong about how executors run their programs."""

from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import with_action, with_both
from models.twins.defects.common import nspec, published
from models.twins.defects.executor import EXECUTOR, READ
from models.twins.defects.writing import WRITING_AS_IT_GOES, state_before
from models.twins.twin import Defect, Twin, wrong
from spec.anoma.executor.behaviour import RequestLazyReads, StartTransaction, TakeRead
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import (
    Ended,
    ExecutorEnv,
    ExecutorState,
    Idle,
    Running,
    advanced,
    fed,
    requested,
    with_output,
)
from spec.anoma.executor.messages import ExecuteTransaction
from spec.anoma.label import readable, writable
from spec.anoma.placement import shard_of
from spec.anoma.runnable import Aborted, Input, Output, ReadRequest, ReadValue, Start
from spec.anoma.shard.messages import KVSRead, KVSReadRequest
from spec.formalism.environment import Effect
from spec.formalism.message import Send, Trigger, arrived
from spec.formalism.rule import AnyRule


def _not_started(
    output: tuple[Idle, ExecuteTransaction],
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """A program without eager reads is not fed anything: only a value sets an executor going."""
    idle, transaction = output
    if transaction.label.eager_reads:
        return StartTransaction.action(output, trigger, configuration, environment)
    waiting = Running(transaction, transaction.executable.starting_state(), idle.arrived)
    return Effect(environment.with_local(waiting))


def starting(lenient: Any) -> AnyRule:
    """The rule that starts a program and passes over accesses that the label does not declare."""

    def action(
        output: tuple[Idle, ExecuteTransaction],
        _trigger: Trigger,
        _configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        idle, transaction = output
        run = Running(transaction, transaction.executable.starting_state(), idle.arrived)
        eager = tuple(sorted(transaction.label.eager_reads))
        return Effect(environment.with_local(leniently(run, Start(eager), lenient)))

    return with_action(StartTransaction, action)


def leniently(run: Running, given: Input, lenient: Any) -> Running | Ended:
    """How far a program gets on one input and what has arrived, where undeclared accesses are passed over."""
    executable = run.transaction.executable
    step = executable.execute_step(run.program, given)
    for output in step.outputs:
        run = lenient(run, output)
    if isinstance(step, Aborted):
        return Ended(run, step.failure)
    run = evolve(run, program=step.state)
    key = executable.awaits(run.program)
    if executable.halted(run.program):
        return Ended(run, None)
    if key is None or key not in run.arrived:
        return run
    taken = evolve(run, consumed=run.consumed.add(key))
    return leniently(taken, ReadValue(key, run.arrived[key].datum), lenient)


def _declared_only(run: Running, output: Output) -> Running:
    """Nobody is asked for what is not declared, or told of it."""
    label = run.transaction.label
    allowed = readable(label) if isinstance(output, ReadRequest) else writable(label)
    return with_output(run, output) if output.key in allowed else run


def _written_anyway(run: Running, output: Output) -> Running:
    """What is written counts as written, though no shard is told of it."""
    if isinstance(output, ReadRequest):
        return _declared_only(run, output)
    return with_output(run, output)


def _taking_strays(
    output: tuple[Idle | Running, KVSRead],
    _trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """The program goes on, and what it writes undeclared counts as written."""
    state, read = output
    kept = evolve(state, arrived=state.arrived.set(read.key, read.observation))
    if isinstance(kept, Idle):
        return Effect(environment.with_local(kept))
    if kept.transaction.executable.awaits(kept.program) != read.key:
        return Effect(environment.with_local(kept))
    taken = evolve(kept, consumed=kept.consumed.add(read.key))
    given = ReadValue(read.key, read.observation.datum)
    return Effect(environment.with_local(leniently(taken, given, _written_anyway)))


def _as_it_arrives(
    output: tuple[Idle | Running, KVSRead],
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """The program is fed whatever arrives, whether or not it waits for that."""
    state, read = output
    if isinstance(state, Idle):
        return TakeRead.action(output, trigger, configuration, environment)
    kept = evolve(
        state,
        arrived=state.arrived.set(read.key, read.observation),
        consumed=state.consumed.add(read.key),
    )
    after = fed(kept, ReadValue(read.key, read.observation.datum))
    over = isinstance(after, Running) and after.transaction.executable.halted(after.program)
    return Effect(environment.with_local(advanced(after) if over else after))


def _any_value(
    trigger: Trigger, _configuration: Any, environment: ExecutorEnv
) -> tuple[Idle | Running, KVSRead] | None:
    """Every value is a new one."""
    read, state = arrived(trigger, KVSRead), environment.local
    return (state, read.body) if read and isinstance(state, Idle | Running) else None


def _fed_again(
    output: tuple[Idle | Running, KVSRead],
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """A value that the program has had is fed to it once more."""
    state, read = output
    if isinstance(state, Idle) or read.key not in state.arrived:
        return TakeRead.action(output, trigger, configuration, environment)
    again = fed(state, ReadValue(read.key, read.observation.datum))
    return Effect(environment.with_local(again))


def _asking_for_eager(
    before: ExecutorState,
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """Also eager reads are asked for, when the program waits for them."""
    run = environment.local
    effect = RequestLazyReads.action(requested(before), trigger, configuration, environment)
    if not isinstance(run, Running):
        return effect
    key = run.transaction.executable.awaits(run.program)
    was = (
        before.transaction.executable.awaits(before.program)
        if isinstance(before, Running)
        else None
    )
    if key is None or key == was or key not in run.transaction.label.eager_reads:
        return effect
    asked = KVSReadRequest(run.transaction.fingerprint, key, actual=True)
    return evolve(
        effect, sends=(*effect.sends, Send(shard_of(configuration.placement, key), asked))
    )


RUNNING_DEFECTS: tuple[Twin, ...] = (
    published(
        "no-start-without-reads",
        Defect.START,
        "Only a value that arrives sets an executor going: a transaction without reads never runs.",
        wrong(EXECUTOR, with_action(StartTransaction, _not_started)),
        stages.BLIND_WRITE,
        laws.FINISHED,
        6,
        passage=nspec("executor_behaviour: processReadGuard"),
    ),
    published(
        "undeclared-read-passed-over",
        Defect.LABELS,
        "A read that is not declared is passed over in silence, and the program waits for it for ever.",
        wrong(EXECUTOR, starting(_declared_only)),
        stages.STRAY_READ,
        laws.FINISHED,
        6,
        passage=nspec(f"{READ}, accReads"),
        hidden_by=("no-start-without-reads",),
    ),
    published(
        "undeclared-write-passed-over",
        Defect.LABELS,
        "A write that is not declared is passed over in silence, and said to be done.",
        wrong(EXECUTOR, with_action(TakeRead, _taking_strays)),
        stages.STRAY_WRITE,
        laws.IN_LABEL,
        6,
        passage=nspec(f"{READ}, accWrites"),
    ),
    published(
        "inputs-in-order-of-arrival",
        Defect.INPUTS,
        "The program is fed whatever value arrives, whichever it waits for.",
        wrong(EXECUTOR, with_action(TakeRead, _as_it_arrives)),
        stages.SUM_OF_TWO_SHARDS,
        laws.TIMESTAMP_ORDER,
        8,
        passage=nspec(f"{READ}, stepInput"),
    ),
    published(
        "repeated-value-fed-again",
        Defect.DUPLICATES,
        "A value that arrives twice is fed to the program twice.",
        wrong(EXECUTOR, with_both(TakeRead, _any_value, _fed_again)),
        stages.REPEATED_SUM,
        laws.TIMESTAMP_ORDER,
        8,
        passage=nspec("executor_behaviour: processReadGuard, completed_reads is not looked at"),
    ),
    published(
        "failed-transaction-leaves-writes",
        Defect.FAILURE,
        "Writes go to shards as the program makes them: one that fails later has written.",
        wrong(EXECUTOR, WRITING_AS_IT_GOES),
        stages.LATE_FAILURE,
        laws.FAILED_WRITES,
        6,
        passage=nspec(f"{READ}, msgList"),
    ),
    published(
        "earlier-write-of-a-key-read",
        Defect.OUTPUTS,
        "Writes go to shards as the program makes them: others read what is written over later.",
        wrong(EXECUTOR, WRITING_AS_IT_GOES),
        stages.WRITES_TWICE_THEN_COPY,
        laws.SERIALIZABLE,
        13,
        passage=nspec(f"{READ}, accWrites"),
    ),
    published(
        "eager-reads-asked-for",
        Defect.LAZY,
        "Eager reads are asked for like lazy ones, though they are answered unasked.",
        wrong(EXECUTOR, with_both(RequestLazyReads, state_before, _asking_for_eager)),
        stages.ONE_INCREMENT,
        laws.DECLARED,
        2,
        passage=nspec(f"{READ}, accReads"),
    ),
)
"""The defects, those of the run of a program."""
