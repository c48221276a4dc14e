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
from spec.formalism.event import Record
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState
from spec.voting.behaviour import (
    ELECTION,
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    StoreVote,
)
from spec.voting.environment import Election, turnout
from spec.voting.messages import ResultAnnounced

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
    StateProperty("every election has a result", ComputeResult.id, Kind.AT_REST, open_election),
)
"""What must hold of every system of elections."""
