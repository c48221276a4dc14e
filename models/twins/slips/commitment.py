"""Slips of two-phase commit."""

from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import amended, idle, never, sending, silent, with_action, with_guard
from models.twins.slips.common import slip
from models.twins.twin import Defect, Twin, wrong
from spec.commit.behaviour import DecideAbort, DecideCommit, RecordPrepared
from spec.commit.configuration import TransactionManagerConfiguration
from spec.commit.environment import (
    COMMITTING,
    GIVING_UP,
    PREPARING,
    ResourceManager,
    RMState,
    TransactionManager,
)
from spec.commit.messages import Prepared
from spec.commit.participants import ChooseToAbort, ObeyAbort, ObeyCommit, Prepare
from spec.formalism.environment import DiscardTimer, Effect, Environment, SetTimer
from spec.formalism.message import Delay, Message, Send, Trigger, arrived

TM, RM = "transaction-manager", "resource-manager"

ManagerEnv = Environment[TransactionManager]
ResourceEnv = Environment[ResourceManager]


def _one_is_enough(effect: Effect[Any], _environment: ManagerEnv) -> Effect[Any]:
    """The first that has prepared makes the transaction manager ready to commit."""
    return evolve(effect, timers=(SetTimer(COMMITTING, Delay(0)),))


def _the_last_one(
    output: Message[Prepared],
    trigger: Trigger,
    configuration: TransactionManagerConfiguration,
    environment: ManagerEnv,
) -> Effect[TransactionManager]:
    """Only the last one that has prepared is remembered."""
    alone = environment.with_local(evolve(environment.local, prepared=frozenset()))
    return RecordPrepared.action(output, trigger, configuration, alone)


def _whatever_is_decided(
    trigger: Trigger, _configuration: Any, _environment: ManagerEnv
) -> Message[Prepared] | None:
    """Who has prepared is noted also after the decision."""
    return arrived(trigger, Prepared)


def _undisturbed(effect: Effect[Any], _environment: Environment[Any]) -> Effect[Any]:
    """No choice is taken back."""
    return evolve(effect, timers=())


def _one_choice_left(effect: Effect[Any], _environment: ResourceEnv) -> Effect[Any]:
    """A resource manager that has prepared may still give up."""
    return evolve(effect, timers=(DiscardTimer(PREPARING),))


def _other_choice_left(effect: Effect[Any], _environment: ResourceEnv) -> Effect[Any]:
    """A resource manager that has aborted may still prepare."""
    return evolve(effect, timers=(DiscardTimer(GIVING_UP),))


def _prepared_too(
    output: Any, trigger: Trigger, configuration: Any, environment: ResourceEnv
) -> Effect[ResourceManager]:
    """A resource manager that aborts says that it has prepared."""
    effect = ChooseToAbort.action(output, trigger, configuration, environment)
    return evolve(effect, sends=(Send(configuration.transaction_manager, Prepared()),))


def _committed_instead(effect: Effect[Any], _environment: ResourceEnv) -> Effect[Any]:
    """What is told to abort commits."""
    return evolve(
        effect, environment=effect.environment.with_local(ResourceManager(RMState.COMMITTED))
    )


def _aborted_instead(effect: Effect[Any], _environment: ResourceEnv) -> Effect[Any]:
    """What is told to commit aborts."""
    return evolve(
        effect, environment=effect.environment.with_local(ResourceManager(RMState.ABORTED))
    )


COMMIT_SLIPS: tuple[Twin, ...] = (
    slip(
        "preparation-not-told",
        Defect.COMMITMENT,
        "A resource manager prepares and tells nobody.",
        wrong(RM, silent(Prepare)),
        stages.COMMITMENT,
        laws.COMMITS,
        0,
    ),
    slip(
        "gives-up-after-preparing",
        Defect.COMMITMENT,
        "A resource manager that has prepared may still abort of its own accord.",
        wrong(RM, amended(Prepare, _one_choice_left)),
        stages.COMMITMENT,
        laws.CONSISTENT,
        7,
    ),
    slip(
        "never-gives-up",
        Defect.COMMITMENT,
        "A resource manager never aborts of its own accord.",
        wrong(RM, never(ChooseToAbort)),
        stages.COMMITMENT,
        laws.GIVES_UP,
        0,
    ),
    slip(
        "gives-up-and-says-prepared",
        Defect.COMMITMENT,
        "A resource manager that aborts says that it has prepared.",
        wrong(RM, with_action(ChooseToAbort, _prepared_too)),
        stages.COMMITMENT,
        laws.CONSISTENT,
        6,
    ),
    slip(
        "prepares-after-giving-up",
        Defect.COMMITMENT,
        "A resource manager that has aborted may still prepare.",
        wrong(RM, amended(ChooseToAbort, _other_choice_left)),
        stages.COMMITMENT,
        laws.KEEPS_TO_IT,
        2,
    ),
    slip(
        "commits-when-one-has-prepared",
        Defect.COMMITMENT,
        "One that has prepared is enough to commit.",
        wrong(TM, amended(RecordPrepared, _one_is_enough)),
        stages.COMMITMENT,
        laws.ALL_PREPARED,
        3,
    ),
    slip(
        "remembers-only-the-last-prepared",
        Defect.COMMITMENT,
        "Of those that have prepared, only the last is remembered.",
        wrong(TM, with_action(RecordPrepared, _the_last_one)),
        stages.COMMITMENT,
        laws.COMMITS,
        0,
    ),
    slip(
        "notes-preparation-after-deciding",
        Defect.COMMITMENT,
        "Who has prepared is noted also after the decision, which is then taken again.",
        wrong(TM, with_guard(RecordPrepared, _whatever_is_decided)),
        stages.COMMITMENT,
        laws.DECIDES_ONCE,
        6,
    ),
    slip(
        "commit-not-told",
        Defect.COMMITMENT,
        "The transaction is committed, and nobody is told.",
        wrong(TM, silent(DecideCommit)),
        stages.COMMITMENT,
        laws.TELLS_ALL,
        5,
    ),
    slip(
        "aborts-after-committing",
        Defect.COMMITMENT,
        "The transaction manager that has committed may still abort.",
        wrong(TM, amended(DecideCommit, _undisturbed)),
        stages.COMMITMENT,
        laws.DECIDES_ONCE,
        6,
    ),
    slip(
        "abort-told-to-all-but-one",
        Defect.COMMITMENT,
        "The first resource manager is not told of the abort.",
        wrong(TM, sending(DecideAbort, lambda sends: sends[1:])),
        stages.COMMITMENT,
        laws.TELLS_ALL,
        1,
    ),
    slip(
        "abort-told-to-nobody",
        Defect.COMMITMENT,
        "The transaction is aborted, and nobody is told.",
        wrong(TM, silent(DecideAbort)),
        stages.COMMITMENT,
        laws.TOLD_TO_ABORT,
        0,
    ),
    slip(
        "never-aborts",
        Defect.COMMITMENT,
        "The transaction manager never aborts, and waits for ever for one that has.",
        wrong(TM, never(DecideAbort)),
        stages.COMMITMENT,
        laws.TM_DECIDED,
        3,
    ),
    slip(
        "commits-after-aborting",
        Defect.COMMITMENT,
        "The transaction manager that has aborted may still commit, when it could before.",
        wrong(TM, amended(DecideAbort, _undisturbed)),
        stages.COMMITMENT,
        laws.DECIDES_ONCE,
        6,
    ),
    slip(
        "commit-not-obeyed",
        Defect.COMMITMENT,
        "What is told to commit takes the message and does nothing.",
        wrong(RM, idle(ObeyCommit)),
        stages.COMMITMENT,
        laws.ALL_DECIDED,
        7,
    ),
    slip(
        "commit-taken-for-abort",
        Defect.COMMITMENT,
        "What is told to commit aborts.",
        wrong(RM, amended(ObeyCommit, _aborted_instead)),
        stages.COMMITMENT,
        laws.COMMITS,
        0,
    ),
    slip(
        "abort-not-obeyed",
        Defect.COMMITMENT,
        "What is told to abort takes the message and does nothing.",
        wrong(RM, idle(ObeyAbort)),
        stages.COMMITMENT,
        laws.ALL_DECIDED,
        5,
    ),
    slip(
        "abort-taken-for-commit",
        Defect.COMMITMENT,
        "What is told to abort commits.",
        wrong(RM, amended(ObeyAbort, _committed_instead)),
        stages.COMMITMENT,
        laws.CONSISTENT,
        3,
    ),
)
"""The slips, in the order of the register."""
