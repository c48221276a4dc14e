"""What must hold of two-phase commit."""

from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from spec.commit.behaviour import TRANSACTION_MANAGER, DecideAbort, DecideCommit
from spec.commit.environment import ResourceManager, RMState, TMState, TransactionManager
from spec.commit.messages import Abort, Commit
from spec.commit.participants import RESOURCE_MANAGER, ChooseToAbort, ObeyAbort, ObeyCommit
from spec.formalism.engine import Engine
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState

FINAL = frozenset({RMState.COMMITTED, RMState.ABORTED})
"""What a resource manager has decided for good."""


def inconsistent(state: GlobalState) -> Evidence | None:
    """A resource manager that has committed and another one that has aborted, if both are there."""
    committed, aborted = standing(state, RMState.COMMITTED), standing(state, RMState.ABORTED)
    if not committed or not aborted:
        return None
    return Evidence(f"{min(committed)} has committed and {min(aborted)} has aborted")


def standing(state: GlobalState, at: RMState) -> list[EngineId]:
    """The resource managers that are so far."""
    return [
        name
        for name, engine in state.engines.items()
        if engine.family == RESOURCE_MANAGER and engine.environment.local.state is at
    ]


def premature(manager: Engine) -> Evidence | None:
    """A resource manager that has not prepared, where the transaction is committed, if any."""
    local: TransactionManager = manager.environment.local
    missing = sorted(manager.configuration.resource_managers - local.prepared)
    if local.state is not TMState.COMMITTED or not missing:
        return None
    return Evidence(f"the transaction is committed without word from {missing[0]}")


def second_decision(reacted: Reacted) -> Evidence | None:
    """A transaction manager that has decided and decides again, if it does."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, TransactionManager) or before.state is TMState.INIT:
        return None
    if before.state is after.state and not reacted.record.sent:
        return None
    name = reacted.before.identity.external
    return Evidence(f"{name} has {before.state.value}, and decides again: {after.state.value}")


def untold(reacted: Reacted) -> Evidence | None:
    """A decision that does not go to each resource manager once, if there is one."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, TransactionManager) or before.state is after.state:
        return None
    verdict = Commit() if after.state is TMState.COMMITTED else Abort()
    told = sorted(message.target for message in reacted.record.sent if message.body == verdict)
    if told == sorted(reacted.before.configuration.resource_managers):
        return None
    names = ", ".join(map(str, told)) or "nobody"
    return Evidence(
        f"{reacted.before.identity.external} has {after.state.value}, and tells {names}"
    )


def changed_decision(reacted: Reacted) -> Evidence | None:
    """A resource manager that goes back on its decision, if it does."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, ResourceManager) or before.state not in FINAL or before == after:
        return None
    name = reacted.before.identity.external
    return Evidence(f"{name} had {before.state.value}, and is {after.state.value} now")


def open_choice(manager: Engine) -> Evidence | None:
    """A resource manager that has not decided, if it has not."""
    state: RMState = manager.environment.local.state
    if state in FINAL:
        return None
    return Evidence(f"{manager.identity.external} is {state.value}, and nothing will change that")


def open_transaction(manager: Engine) -> Evidence | None:
    """A transaction that is neither committed nor aborted, if it is not."""
    if manager.environment.local.state is not TMState.INIT:
        return None
    return Evidence(f"{manager.identity.external} has not decided, and nothing will change that")


def commits(manager: Engine) -> Evidence | None:
    """A resource manager that has committed, if it has."""
    committed = manager.environment.local.state is RMState.COMMITTED
    return Evidence(f"{manager.identity.external} has committed") if committed else None


def gives_up(reacted: Reacted) -> Evidence | None:
    """A resource manager that aborts of its own accord, if it does."""
    if ChooseToAbort.id not in reacted.record.fired:
        return None
    return Evidence(f"{reacted.before.identity.external} aborts of its own accord")


def aborts_when_told(reacted: Reacted) -> Evidence | None:
    """A resource manager that had prepared and is told to abort, if one is."""
    before = reacted.before.environment.local
    if ObeyAbort.id not in reacted.record.fired or before.state is not RMState.PREPARED:
        return None
    return Evidence(f"{reacted.before.identity.external} had prepared, and is told to abort")


RESOURCE = frozenset({RESOURCE_MANAGER})
"""The family of resource managers."""

TRANSACTION = frozenset({TRANSACTION_MANAGER})
"""The family of transaction managers."""

COMMIT_PROPERTIES: tuple[Property, ...] = (
    StateProperty(
        "no resource manager aborts where another one commits",
        ObeyCommit.id,
        Kind.ALWAYS,
        inconsistent,
        RESOURCE,
    ),
    EngineProperty(
        "only what all have prepared is committed",
        DecideCommit.id,
        Kind.ALWAYS,
        TRANSACTION,
        premature,
    ),
    ReactionProperty(
        "the transaction manager decides once", DecideAbort.id, Kind.ALWAYS, second_decision
    ),
    ReactionProperty(
        "a decision goes to each resource manager once", DecideAbort.id, Kind.ALWAYS, untold
    ),
    ReactionProperty(
        "a resource manager keeps to its decision", ObeyAbort.id, Kind.ALWAYS, changed_decision
    ),
    EngineProperty(
        "every resource manager has decided", ObeyAbort.id, Kind.AT_REST, RESOURCE, open_choice
    ),
    EngineProperty(
        "the transaction manager has decided",
        DecideAbort.id,
        Kind.AT_REST,
        TRANSACTION,
        open_transaction,
    ),
    EngineProperty("a resource manager commits", ObeyCommit.id, Kind.SOMETIMES, RESOURCE, commits),
    ReactionProperty(
        "a resource manager aborts of its own accord", ChooseToAbort.id, Kind.SOMETIMES, gives_up
    ),
    ReactionProperty(
        "a resource manager that has prepared is told to abort",
        ObeyAbort.id,
        Kind.SOMETIMES,
        aborts_when_told,
    ),
)
"""What must hold of every two-phase commit, and what happens in some run of each."""
