"""What must hold of elections."""

from collections import Counter

from pyrsistent import PSet, pset

from properties.monitor import monitor, sent
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.event import Elapse, Record
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState
from spec.voting.behaviour import (
    ELECTION,
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    HoldRunOff,
    InviteVoters,
    StoreVote,
)
from spec.voting.configuration import engine_name
from spec.voting.environment import INVITING, Election, turnout
from spec.voting.messages import ResultAnnounced, RunOffHeld

Told = PSet[tuple[EngineId, EngineId]]
"""Which election has told which observer."""

NOBODY_TOLD: Told = pset()
"""Before the first result."""


def miscounted_turnout(election: Engine) -> Evidence | None:
    """The turnout of an election, where it is not the number of its votes."""
    counted, stored = turnout(election.environment), len(election.environment.local.votes)
    if counted == stored:
        return None
    return Evidence(f"{election.identity.external} counts {counted} votes and holds {stored}")


def wrong_leaders(election: Engine) -> Evidence | None:
    """The leaders of a result, where they are not the choices with the most votes."""
    local: Election = election.environment.local
    if local.result is None:
        return None
    counts = Counter(local.votes.values())
    due = tuple(sorted(choice for choice in counts if counts[choice] == max(counts.values())))
    if local.result.leaders == due:
        return None
    return Evidence(f"the result names {local.result.leaders}, most votes have {due}")


def late_vote(reacted: Reacted) -> Evidence | None:
    """An election that has a result and takes votes or changes the result, if there is one."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, Election) or before.result is None or before == after:
        return None
    return Evidence(f"{reacted.before.identity.external} has its result, but goes on")


def with_told(told: Told, record: Record) -> Told:
    """Who has been told after a step."""
    for message in sent(record, ResultAnnounced):
        told = told.add((message.sender, message.target))
    return told


def told_again(told: Told, record: Record) -> Evidence | None:
    """An observer that is told of a result a second time in the step, if there is one."""
    for message in sent(record, ResultAnnounced):
        if (message.sender, message.target) in told:
            return Evidence(f"{message.sender} tells {message.target} of its result again")
        told = told.add((message.sender, message.target))
    return None


def open_election(state: GlobalState) -> Evidence | None:
    """An election that has no result, if there is one."""
    for name in sorted(state.engines):
        local = state.engines[name].environment.local
        if isinstance(local, Election) and local.result is None:
            return Evidence(f"{name} has no result")
    return None


def missing_run_off(state: GlobalState) -> Evidence | None:
    """A tie before the last round after which no run-off was held, if there is one."""
    for name in sorted(state.engines):
        engine = state.engines[name]
        if is_to_be_repeated(engine):
            following = engine_name(engine.configuration.title, engine.configuration.round + 1)
            if EngineId(name.node, following) not in state.engines:
                return Evidence(f"{name} ended in a tie, and there is no {following}")
    return None


def is_to_be_repeated(engine: Engine) -> bool:
    """Whether an election has ended in a tie before the last round."""
    local, configuration = engine.environment.local, engine.configuration
    tied = isinstance(local, Election) and local.result and len(local.result.leaders) > 1
    return bool(tied) and configuration.round < configuration.rounds


def uninvited(reacted: Reacted) -> Evidence | None:
    """A voter that is not invited once, when an election invites to its run-off, if there is one."""
    event = reacted.record.event
    if not isinstance(event, Elapse) or event.timer.handle != INVITING:
        return None
    invited = [message.target for message in sent(reacted.record, RunOffHeld)]
    if invited == sorted(reacted.before.configuration.voters):
        return None
    names = ", ".join(map(str, invited)) or "nobody"
    return Evidence(f"{event.engine} invites {names} to its run-off")


ELECTIONS = frozenset({ELECTION})
"""The family of elections."""

VOTING_PROPERTIES: tuple[Property, ...] = (
    EngineProperty(
        "the turnout is the number of stored votes",
        CountTurnout.id,
        Kind.ALWAYS,
        ELECTIONS,
        miscounted_turnout,
    ),
    EngineProperty(
        "the result names the choices with most votes",
        ComputeResult.id,
        Kind.ALWAYS,
        ELECTIONS,
        wrong_leaders,
    ),
    ReactionProperty(
        "an election that has its result does not change", StoreVote.id, Kind.ALWAYS, late_vote
    ),
    monitor(
        "each result is announced once to each observer",
        AnnounceResult.id,
        NOBODY_TOLD,
        with_told,
        told_again,
    ),
    ReactionProperty(
        "every voter is invited once to a run-off", InviteVoters.id, Kind.ALWAYS, uninvited
    ),
    StateProperty("every election has a result", ComputeResult.id, Kind.AT_REST, open_election),
    StateProperty("a tie leads to a run-off", HoldRunOff.id, Kind.AT_REST, missing_run_off),
)
"""What must hold of every system of elections."""
