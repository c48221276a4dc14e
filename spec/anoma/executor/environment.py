"""What an executor remembers, and how far it can get with it: the run of a program."""

from typing import Any

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation
from spec.anoma.label import readable, writable
from spec.anoma.runnable import (
    Aborted,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Start,
)
from spec.formalism.environment import Environment

STUCK = Failure(FailureKind.STUCK)
"""The program has not halted, and waits for nothing that could come."""


@frozen
class Idle:
    """The executor has no transaction yet."""

    arrived: PMap[KVSKey, Observation] = pmap()
    """The reads that overtook the start."""


@frozen
class Running:
    """The executor waits for the value that its program asks for next."""

    transaction: ExecuteTransaction
    """What it executes."""
    program: Any
    """The state of the program."""
    arrived: PMap[KVSKey, Observation]
    """Every read that has arrived."""
    consumed: PSet[KVSKey] = pset()
    """The keys whose values the program has taken."""
    requested: PSet[KVSKey] = pset()
    """The lazy reads that were asked for."""
    written: PMap[KVSKey, KVSDatum] = pmap()
    """The last value that the program has written, by key; nobody else has seen any of them."""


@frozen
class Ended:
    """The program is over, within the step in which the executor finishes."""

    run: Running
    """What was known at the end."""
    failure: Failure | None
    """Why it failed; nothing if it halted."""


ExecutorState = Idle | Running | Ended
"""The local state of an executor that has not finished."""

ExecutorEnv = Environment[ExecutorState]
"""The environment of an executor that has not finished."""


def started(idle: Idle, transaction: ExecuteTransaction) -> Running | Ended:
    """How far the program gets from its start."""
    begun = Running(transaction, transaction.executable.starting_state(), idle.arrived)
    eager = tuple(sorted(transaction.label.eager_reads))
    return advanced(fed(begun, Start(eager)))


def advanced(run: Running | Ended) -> Running | Ended:
    """How far the program gets on what has arrived: to its end, or to a value still to come.

    A read that it repeats is answered from what has arrived.
    """
    while isinstance(run, Running) and not run.transaction.executable.halted(run.program):
        key = run.transaction.executable.awaits(run.program)
        if key is None or not is_expected(run, key):
            return Ended(run, STUCK)
        if key not in run.arrived:
            return run
        consumed = evolve(run, consumed=run.consumed.add(key))
        run = fed(consumed, ReadValue(key, run.arrived[key].datum))
    return Ended(run, None) if isinstance(run, Running) else run


def is_expected(run: Running, key: KVSKey) -> bool:
    """Whether the value of a key is going to come: unasked, or because it was asked for."""
    return key in run.transaction.label.eager_reads or key in run.requested


def fed(run: Running, given: Input) -> Running | Ended:
    """What becomes of the run when the program takes one input.

    An access that the label does not declare fails the transaction; the first failure counts.
    """
    step = run.transaction.executable.execute_step(run.program, given)
    for output in step.outputs:
        undeclared = undeclared_access(run, output)
        if undeclared is not None:
            return Ended(run, undeclared)
        run = with_output(run, output)
    return (
        Ended(run, step.failure) if isinstance(step, Aborted) else evolve(run, program=step.state)
    )


def undeclared_access(run: Running, output: Output) -> Failure | None:
    """The failure that an undeclared access is."""
    label = run.transaction.label
    if isinstance(output, ReadRequest):
        declared = output.key in readable(label)
        return None if declared else Failure(FailureKind.UNDECLARED_READ, output.key)
    declared = output.key in writable(label)
    return None if declared else Failure(FailureKind.UNDECLARED_WRITE, output.key)


def with_output(run: Running, output: Output) -> Running:
    """The run after a declared access: a lazy read is to be asked for, a write is kept."""
    if not isinstance(output, ReadRequest):
        return evolve(run, written=run.written.set(output.key, output.datum))
    if output.key in run.transaction.label.lazy_reads:
        return evolve(run, requested=run.requested.add(output.key))
    return run


def summary_of(ended: Ended) -> ExecutionSummary:
    """What worker and issuer are told of the transaction."""
    run = ended.run
    return ExecutionSummary(
        ended.failure,
        pmap({key: run.arrived[key] for key in run.consumed}),
        pmap() if ended.failure else run.written,
    )


def requested(state: ExecutorState) -> PSet[KVSKey]:
    """The lazy reads that the program has asked for so far."""
    return state.requested if isinstance(state, Running) else pset()
