"""What must hold of two-phase commit holds, and falls with broken ones."""

from collections.abc import Callable

import pytest
from attrs import evolve

from properties.commit import COMMIT_PROPERTIES, second_decision, untold
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
)
from spec.commit.behaviour import TRANSACTION_MANAGER, DecideAbort, DecideCommit, RecordPrepared
from spec.commit.configuration import (
    ResourceManagerConfiguration,
    TransactionManagerConfiguration,
)
from spec.commit.environment import (
    ABORTING,
    COMMITTING,
    ResourceManager,
    RMState,
    TMState,
    TransactionManager,
)
from spec.commit.messages import Abort, Prepared
from spec.commit.participants import RESOURCE_MANAGER, ChooseToAbort, ObeyAbort
from spec.commit.system import (
    MANAGER,
    commit_state,
    commit_system,
    resource_manager,
    resource_manager_id,
    transaction_manager,
)
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment, SetTimer
from spec.formalism.event import Deliver, Elapse, Record
from spec.formalism.message import DEFAULT_MAILBOX, Delay, Message, Time, Timer, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import GlobalState
from spec.formalism.system import System

Explore = Callable[[System, GlobalState, tuple[Property, ...]], dict[str, Evidence]]

CONSISTENT = "no resource manager aborts where another one commits"
PREPARED = "only what all have prepared is committed"
ONCE = "the transaction manager decides once"
TOLD = "a decision goes to each resource manager once"
KEPT = "a resource manager keeps to its decision"
RESOURCES_DECIDED = "every resource manager has decided"
DECIDED = "the transaction manager has decided"


class CommitEarly(RecordPrepared):
    """The first one that has prepared is enough."""

    @staticmethod
    def action(
        output: Message[Prepared],
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = RecordPrepared.action(output, trigger, configuration, environment)
        return evolve(effect, timers=(SetTimer(COMMITTING, Delay(0)),))


class CommitAndGoOn(DecideCommit):
    """Having committed, it may still abort."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = DecideCommit.action(output, trigger, configuration, environment)
        return evolve(effect, timers=())


class CommitAgain(DecideCommit):
    """Having committed, it says so again and again."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = DecideCommit.action(output, trigger, configuration, environment)
        return evolve(effect, timers=(*effect.timers, SetTimer(COMMITTING, Delay(0))))


class CommitInSilence(DecideCommit):
    """It commits, and tells nobody."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = DecideCommit.action(output, trigger, configuration, environment)
        return evolve(effect, sends=())


class AbortForSome(DecideAbort):
    """It aborts, and does not tell the last one."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = DecideAbort.action(output, trigger, configuration, environment)
        return evolve(effect, sends=effect.sends[:-1])


class ForgetToAbort(DecideAbort):
    """Its time to abort passes, and it does nothing."""

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        return Effect(environment)


class AbortAndGoOn(ObeyAbort):
    """Having aborted, it may still prepare."""

    @staticmethod
    def action(
        output: Message[Abort],
        trigger: Trigger,
        configuration: ResourceManagerConfiguration,
        environment: Environment[ResourceManager],
    ) -> Effect[ResourceManager]:
        return Effect(environment.with_local(ResourceManager(RMState.ABORTED)))


def broken(found: dict[str, Evidence]) -> dict[str, str]:
    """What is broken, with the evidence of each."""
    return {
        each.name: found[each.name].finding
        for each in COMMIT_PROPERTIES
        if each.kind is not Kind.SOMETIMES and each.name in found
    }


def twin(explore: Explore, family: str, rule: AnyRule, managers: int = 2) -> dict[str, str]:
    system = commit_system().replacing(family, rule)
    return broken(explore(system, commit_state(system, managers), COMMIT_PROPERTIES))


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_all_of_it_holds_and_everything_of_interest_happens(
    explore: Explore, discipline: AnyDiscipline
) -> None:
    system = commit_system(discipline)
    found = explore(system, commit_state(system, 2), COMMIT_PROPERTIES)
    happens = {each.name for each in COMMIT_PROPERTIES if each.kind is Kind.SOMETIMES}
    assert broken(found) == {}
    assert set(found) == happens


def test_a_commit_that_not_all_have_prepared_is_found(explore: Explore) -> None:
    found = twin(explore, TRANSACTION_MANAGER, CommitEarly)
    assert set(found) == {PREPARED, CONSISTENT, KEPT}
    assert found[PREPARED].startswith("the transaction is committed without word from rm.")
    assert " has committed and " in found[CONSISTENT]


def test_a_second_decision_is_found(explore: Explore) -> None:
    found = twin(explore, TRANSACTION_MANAGER, CommitAndGoOn, 1)
    assert set(found) == {ONCE, KEPT}
    assert found[ONCE] == "tm has committed, and decides again: aborted"


def test_the_same_decision_a_second_time_is_found(explore: Explore) -> None:
    assert twin(explore, TRANSACTION_MANAGER, CommitAgain, 1) == {
        ONCE: "tm has committed, and decides again: committed"
    }


def test_a_transaction_manager_that_has_decided_may_still_be_told() -> None:
    decided = transaction_manager((resource_manager_id(1),))
    local = TransactionManager(TMState.COMMITTED)
    decided = evolve(decided, environment=decided.environment.with_local(local))
    word = Message(resource_manager_id(1), MANAGER, DEFAULT_MAILBOX, Prepared())
    assert second_decision(Reacted(decided, Record(Deliver(word)), decided)) is None


def test_a_decision_that_nobody_hears_is_found(explore: Explore) -> None:
    assert twin(explore, TRANSACTION_MANAGER, CommitInSilence, 1) == {
        TOLD: "tm has committed, and tells nobody",
        RESOURCES_DECIDED: "rm.1 is prepared, and nothing will change that",
    }


def test_a_decision_that_not_all_hear_is_found(explore: Explore) -> None:
    assert twin(explore, TRANSACTION_MANAGER, AbortForSome) == {
        TOLD: "tm has aborted, and tells rm.1",
        RESOURCES_DECIDED: "rm.2 is prepared, and nothing will change that",
    }


def test_a_transaction_without_a_decision_is_found(explore: Explore) -> None:
    assert twin(explore, TRANSACTION_MANAGER, ForgetToAbort)[DECIDED] == (
        "tm has not decided, and nothing will change that"
    )


def test_a_resource_manager_that_goes_back_on_its_decision_is_found(explore: Explore) -> None:
    found = twin(explore, RESOURCE_MANAGER, AbortAndGoOn, 1)
    assert found[KEPT] == "rm.1 had aborted, and is prepared now"


def test_who_was_told_of_a_decision_is_listed() -> None:
    names = tuple(resource_manager_id(number) for number in (1, 2, 3))
    before = transaction_manager(names)
    after = evolve(
        before, environment=before.environment.with_local(TransactionManager(TMState.ABORTED))
    )
    sent = tuple(Message(MANAGER, each, DEFAULT_MAILBOX, Abort()) for each in names[:2])
    record = Record(Elapse(MANAGER, Timer(Time(0), ABORTING)), sent=sent)
    told = Evidence("tm has aborted, and tells rm.1, rm.2")
    assert untold(Reacted(before, record, after)) == told


def test_what_should_happen_is_told_with_whom_it_happens_to() -> None:
    judges = {each.name: each for each in COMMIT_PROPERTIES if each.kind is Kind.SOMETIMES}
    commits, gives_up, obeys = judges.values()

    def at(state: RMState) -> Engine:
        working = resource_manager(resource_manager_id(1))
        local = evolve(working.environment.local, state=state)
        return evolve(working, environment=working.environment.with_local(local))

    def fired(rule: AnyRule | None, state: RMState) -> Reacted:
        event = Elapse(resource_manager_id(1), Timer(Time(0), ABORTING))
        record = Record(event, () if rule is None else (rule.id,))
        return Reacted(at(state), record, at(state))

    assert isinstance(commits, EngineProperty)
    assert isinstance(gives_up, ReactionProperty)
    assert isinstance(obeys, ReactionProperty)
    assert commits.judge(at(RMState.COMMITTED)) == Evidence("rm.1 has committed")
    assert commits.judge(at(RMState.PREPARED)) is None
    alone = Evidence("rm.1 aborts of its own accord")
    assert gives_up.judge(fired(ChooseToAbort, RMState.WORKING)) == alone
    assert gives_up.judge(fired(ObeyAbort, RMState.WORKING)) is None
    told = Evidence("rm.1 had prepared, and is told to abort")
    assert obeys.judge(fired(ObeyAbort, RMState.PREPARED)) == told
    assert obeys.judge(fired(ObeyAbort, RMState.WORKING)) is None
    assert obeys.judge(fired(None, RMState.PREPARED)) is None
