"""The rules of AuthorityState about epochs."""

from attrs import evolve

from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityEnv, AuthorityState
from spec.soma.authority.messages import EpochStore, LoadEpochStore, Reconfigure, Reconfigured
from spec.soma.epoch import EpochId


class AnswerEpoch(Rule[AuthorityConfiguration, AuthorityState, Message[LoadEpochStore]]):
    """Who loads the epoch store gets the current epoch, also while a reconfiguration waits."""

    id = RuleId("authority.answer-epoch")
    version = 1
    sources = (Source(Text.S2, "Load current epoch store from AuthorityState"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Message[LoadEpochStore] | None:
        """Whoever asks."""
        return arrived(trigger, LoadEpochStore)

    @staticmethod
    def action(
        output: Message[LoadEpochStore],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        """It is told."""
        store = EpochStore(environment.local.epoch)
        return Effect(environment, (Send(output.sender, store),))


class AwaitReconfiguration(Rule[AuthorityConfiguration, AuthorityState, EpochId]):
    """A reconfiguration to the next epoch takes the epoch's write lock, or waits for it.

    While it waits, no execution begins. One to an epoch after the next waits in the mailbox.
    """

    id = RuleId("authority.await-reconfiguration")
    version = 1
    sources = (Source(Text.S2, "Reconfiguration events are handled gracefully"),)
    decides = (
        "If executions could begin while it waits, there need never be a moment without any, and "
        "no epoch would end."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> EpochId | None:
        """It is the next epoch, and none waits."""
        asked, state = arrived(trigger, Reconfigure), environment.local
        is_next = asked and asked.body.epoch == state.epoch + 1
        return asked.body.epoch if asked and is_next and state.reconfiguring is None else None

    @staticmethod
    def action(
        output: EpochId,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        """It waits from now on."""
        return Effect(environment.with_local(evolve(environment.local, reconfiguring=output)))


class ChangeEpoch(FollowUp[AuthorityConfiguration, AuthorityState, Trigger]):
    """Once nothing is executing, the epoch that waits begins, and the manager hears of it.

    It hears, too, which transactions are executed and which versions there are.
    """

    id = RuleId("authority.change-epoch")
    version = 1
    sources = (
        Source(Text.S2, "Reconfiguration events are handled gracefully"),
        Source(Text.S2, "Storage is correctly versioned by epoch"),
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Trigger | None:
        """Always: what counts is what the step has led to."""
        return trigger

    @staticmethod
    def action(
        output: Trigger,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        """It begins, if nothing keeps it from it."""
        state = environment.local
        if state.reconfiguring is None or state.executing:
            return Effect(environment)
        after = evolve(state, epoch=state.reconfiguring, reconfiguring=None)
        news = Reconfigured(after.epoch, frozenset(state.executed), frozenset(state.objects))
        return Effect(environment.with_local(after), (Send(configuration.manager, news),))
