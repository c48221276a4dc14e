"""What a resource manager does: it chooses for itself as long as it works, and obeys afterwards."""

from spec.commit.behaviour import PAPER
from spec.commit.configuration import ResourceManagerConfiguration
from spec.commit.environment import GIVING_UP, PREPARING, SETTLED, ResourceManager, RMState
from spec.commit.messages import Abort, Commit, Prepared
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Timer, Trigger, arrived, elapsed
from spec.formalism.rule import Rule, RuleId, Source, Text

RESOURCE_MANAGER = FamilyName("resource-manager")
"""The family of resource managers."""


def settled(
    state: RMState, environment: Environment[ResourceManager], sends: tuple[Send, ...] = ()
) -> Effect[ResourceManager]:
    """The resource manager has come so far, and has no choice left."""
    return Effect(environment.with_local(ResourceManager(state)), sends, SETTLED)


class Prepare(Rule[ResourceManagerConfiguration, ResourceManager, Timer]):
    """A resource manager that works may prepare, and tells the transaction manager."""

    id = RuleId("commit.prepare")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, RMPrepare"),)
    decides = (
        "Its two choices are two timers, due at once and together, so that either may come first; "
        "both are taken back when it works no longer."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Timer | None:
        """The timer is set as long as it works."""
        return elapsed(trigger, PREPARING)

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        """It has prepared."""
        sends = (Send(configuration.transaction_manager, Prepared()),)
        return settled(RMState.PREPARED, environment, sends)


class ChooseToAbort(Rule[ResourceManagerConfiguration, ResourceManager, Timer]):
    """A resource manager that works may abort, and tells nobody."""

    id = RuleId("commit.choose-to-abort")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, RMChooseToAbort"),)
    decides = "A timer stands for the choice, like that of preparing."

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Timer | None:
        """The timer is set as long as it works."""
        return elapsed(trigger, GIVING_UP)

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        """It has aborted."""
        return settled(RMState.ABORTED, environment)


class ObeyCommit(Rule[ResourceManagerConfiguration, ResourceManager, Message[Commit]]):
    """A resource manager that is told to commit commits."""

    id = RuleId("commit.obey-commit")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, RMRcvCommitMsg"),)
    decides = (
        "As in the paper it does not look at its own state: that it has prepared is a theorem."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Message[Commit] | None:
        """Whatever it has done."""
        return arrived(trigger, Commit)

    @staticmethod
    def action(
        output: Message[Commit],
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        """It has committed."""
        return settled(RMState.COMMITTED, environment)


class ObeyAbort(Rule[ResourceManagerConfiguration, ResourceManager, Message[Abort]]):
    """A resource manager that is told to abort aborts, whether it has prepared or still works."""

    id = RuleId("commit.obey-abort")
    version = 1
    sources = (Source(Text.PAPER, f"{PAPER}, RMRcvAbortMsg"),)
    decides = "As in the paper it does not look at its own state."

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Message[Abort] | None:
        """Whatever it has done."""
        return arrived(trigger, Abort)

    @staticmethod
    def action(
        output: Message[Abort],
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        """It has aborted."""
        return settled(RMState.ABORTED, environment)


RESOURCE_MANAGERS = EngineFamily(
    RESOURCE_MANAGER, (Prepare, ChooseToAbort, ObeyCommit, ObeyAbort), one_at_a_time
)
"""All resource managers."""
