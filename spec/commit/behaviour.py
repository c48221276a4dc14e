"""What the transaction manager does.

A timer stands for each thing that it may do unasked. It is due at once: so it may elapse before or
after everything else that may happen, or never, where what it is for is overtaken.
"""

from attrs import evolve

from spec.commit.configuration import TransactionManagerConfiguration
from spec.commit.environment import ABORTING, CLOSED, COMMITTING, TMState, TransactionManager
from spec.commit.messages import Abort, Commit, Prepared
from spec.formalism.environment import Effect, Environment, SetTimer
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Delay, Message, Send, Timer, Trigger, arrived, elapsed
from spec.formalism.rule import Rule, RuleId, Source, Text

TRANSACTION_MANAGER = FamilyName("transaction-manager")
"""The family of transaction managers."""

PAPER = "Gray and Lamport: Consensus on Transaction Commit (2006)"
"""Where two-phase commit is specified."""


def decided(
    state: TMState,
    verdict: Commit | Abort,
    configuration: TransactionManagerConfiguration,
    environment: Environment[TransactionManager],
) -> Effect[TransactionManager]:
    """The transaction manager has decided, and tells every resource manager in the same step."""
    local = evolve(environment.local, state=state)
    sends = tuple(Send(each, verdict) for each in sorted(configuration.resource_managers))
    return Effect(environment.with_local(local), sends, CLOSED)


class RecordPrepared(Rule[TransactionManagerConfiguration, TransactionManager, Message[Prepared]]):
    """An undecided transaction manager notes who has prepared; once all have, it may commit."""

    id = RuleId("commit.record-prepared")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, TMRcvPrepared"),)
    decides = (
        "That it may commit is a timer that is set: committing stays a step of its own, as in the "
        "paper. Where messages stay, hearing the same one again changes nothing."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Message[Prepared] | None:
        """Nothing is decided yet."""
        return arrived(trigger, Prepared) if environment.local.state is TMState.INIT else None

    @staticmethod
    def action(
        output: Message[Prepared],
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        """One more has prepared."""
        prepared = environment.local.prepared | {output.sender}
        all_have = configuration.resource_managers <= prepared
        return Effect(
            environment.with_local(evolve(environment.local, prepared=prepared)),
            timers=(SetTimer(COMMITTING, Delay(0)),) if all_have else (),
        )


class DecideCommit(Rule[TransactionManagerConfiguration, TransactionManager, Timer]):
    """Once all have prepared, the transaction manager may commit, and tells all of them."""

    id = RuleId("commit.decide-commit")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, TMCommit"),)
    decides = (
        "The paper's action is spontaneous, and engines act on triggers: a timer stands for it. One "
        "message to each resource manager, all at once, stands for the paper's one in a common set."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Timer | None:
        """The timer is set only when all have prepared."""
        return elapsed(trigger, COMMITTING)

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        """It is committed."""
        return decided(TMState.COMMITTED, Commit(), configuration, environment)


class DecideAbort(Rule[TransactionManagerConfiguration, TransactionManager, Timer]):
    """As long as nothing is decided, the transaction manager may abort, and tells all of them."""

    id = RuleId("commit.decide-abort")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, TMAbort"),)
    decides = (
        "The paper's action is spontaneous, and engines act on triggers: a timer stands for it, due "
        "from the start, and taken back when a decision falls. A prompt from outside would have to "
        "stand in every state, and first in first out it would hide the choice."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Timer | None:
        """The timer is set until something is decided."""
        return elapsed(trigger, ABORTING)

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        """It is aborted."""
        return decided(TMState.ABORTED, Abort(), configuration, environment)


TRANSACTION_MANAGERS = EngineFamily(
    TRANSACTION_MANAGER, (RecordPrepared, DecideCommit, DecideAbort), one_at_a_time
)
"""All transaction managers."""
