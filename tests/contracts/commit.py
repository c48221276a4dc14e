"""Contracts on two-phase commit: when the transaction manager may commit."""

from attrs import evolve

from spec.commit import behaviour
from spec.commit.behaviour import RecordPrepared, decided
from spec.commit.configuration import TransactionManagerConfiguration
from spec.commit.environment import COMMITTING, TMState, TransactionManager
from spec.commit.messages import Abort, Commit, Prepared
from spec.formalism.environment import DiscardTimer, Effect, Environment, SetTimer
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Delay, Message, MessageArrived, Trigger
from spec.formalism.message import Time as Instant
from tests.contracts.contract import Contract

MANAGERS = tuple(on_local_node(name) for name in ("rm-1", "rm-2", "rm-3", "rm-4"))
"""The resource managers."""

TRANSACTION_MANAGER = on_local_node("tm")
"""Who decides."""

KNOWN = TransactionManagerConfiguration(frozenset(MANAGERS))
"""Whom it asks."""


def heard_from(*prepared: bool) -> frozenset[EngineId]:
    """The resource managers that have prepared."""
    return frozenset(who for who, has in zip(MANAGERS, prepared, strict=True) if has)


def it_may_commit_once_all_have_prepared(
    first: bool, second: bool, third: bool, fourth: bool, sender: int
) -> None:
    """The last word that was missing sets the timer, and no earlier one does."""
    assert 0 <= sender < len(MANAGERS)
    heard = heard_from(first, second, third, fourth)
    message = Message(MANAGERS[sender], TRANSACTION_MANAGER, DEFAULT_MAILBOX, Prepared())
    trigger = Trigger(MessageArrived(message), Instant(0))
    before = Environment(TransactionManager(prepared=heard))
    effect = RecordPrepared.action(message, trigger, KNOWN, before)
    assert effect.environment.local.prepared == heard | {MANAGERS[sender]}
    may = all(who in heard or who == MANAGERS[sender] for who in MANAGERS)
    assert effect.timers == ((SetTimer(COMMITTING, Delay(0)),) if may else ())


class RecordMajority(RecordPrepared):
    """A wrong version: most of them are enough."""

    @staticmethod
    def action(
        output: Message[Prepared],
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        """One more has prepared."""
        heard = environment.local.prepared | {output.sender}
        few = len(heard) <= len(configuration.resource_managers) // 2
        enough = configuration if few else TransactionManagerConfiguration(heard)
        return behaviour.RecordPrepared.action(output, trigger, enough, environment)


def nothing_is_heard_after_a_decision(state: TMState) -> None:
    """Who has prepared is noted as long as nothing is decided."""
    assert isinstance(state, TMState)
    message = Message(MANAGERS[0], TRANSACTION_MANAGER, DEFAULT_MAILBOX, Prepared())
    trigger = Trigger(MessageArrived(message), Instant(0))
    noted = RecordPrepared.guard(trigger, KNOWN, Environment(TransactionManager(state)))
    assert (noted is None) == (state is not TMState.INIT)


class RecordUnlessAborted(RecordPrepared):
    """A wrong version: a transaction that is committed hears on."""

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Message[Prepared] | None:
        """It is not aborted."""
        local = environment.local
        open_ = TMState.INIT if local.state is TMState.COMMITTED else local.state
        return behaviour.RecordPrepared.guard(
            trigger, configuration, environment.with_local(evolve(local, state=open_))
        )


def everybody_hears_the_same_decision(first: bool, second: bool, commits: bool) -> None:
    """Each once, whatever was heard of it; and there is no second decision."""
    assert isinstance(commits, bool)
    before = Environment(TransactionManager(prepared=heard_from(first, second, first, second)))
    verdict = Commit() if commits else Abort()
    state = TMState.COMMITTED if commits else TMState.ABORTED
    effect = decided(state, verdict, KNOWN, before)
    assert [(send.target, send.body) for send in effect.sends] == [
        (who, verdict) for who in MANAGERS
    ]
    assert effect.environment.local.state is state
    assert DiscardTimer(COMMITTING) in effect.timers


def decided_among_the_prepared(
    state: TMState,
    verdict: Commit | Abort,
    configuration: TransactionManagerConfiguration,
    environment: Environment[TransactionManager],
) -> Effect[TransactionManager]:
    """A wrong version: who has not prepared is not told."""
    prepared = configuration.resource_managers & environment.local.prepared
    return behaviour.decided(state, verdict, TransactionManagerConfiguration(prepared), environment)


CONTRACTS = (
    Contract(
        it_may_commit_once_all_have_prepared,
        "RecordPrepared",
        RecordMajority,
        "4 resource managers",
    ),
    Contract(
        nothing_is_heard_after_a_decision,
        "RecordPrepared",
        RecordUnlessAborted,
        "any state",
        short=True,
    ),
    Contract(
        everybody_hears_the_same_decision,
        "decided",
        decided_among_the_prepared,
        "4 resource managers, of which any two pairs have prepared",
    ),
)
"""The contracts of this module."""
