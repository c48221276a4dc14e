"""What must hold of elections."""

from collections import Counter

from pyrsistent import PSet, pset

from properties.monitor import consumed, monitor, sent
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
from spec.formalism.identity import AcquaintanceName, EngineId
from spec.formalism.state import GlobalState
from spec.voting.behaviour import (
    ELECTION,
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    HoldRunOff,
    InviteVoters,
    RefuseVote,
    StoreVote,
)
from spec.voting.configuration import VoterConfiguration, engine_name
from spec.voting.environment import INVITING, Election, turnout
from spec.voting.messages import ResultAnnounced, RunOffHeld, Vote, VoteRefused
from spec.voting.participants import NoteRefusal, VoteAgain
from spec.voting.tally import leaders

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


def misleading_invitation(reacted: Reacted) -> Evidence | None:
    """An invitation that does not name the next round, or those who lead, if there is one."""
    before = reacted.before
    for invitation in sent(reacted.record, RunOffHeld):
        following = engine_name(before.configuration.title, before.configuration.round + 1)
        due = RunOffHeld(
            EngineId(before.identity.external.node, following), leaders(before.environment.local)
        )
        if invitation.body != due:
            election, names = invitation.body.election, ", ".join(invitation.body.candidates)
            return Evidence(f"{before.identity.external} invites to {election} between {names}")
    return None


def misanswered(reacted: Reacted) -> Evidence | None:
    """A vote whose sender is not told once that it does not count, or is told though it does, if any."""
    vote = consumed(reacted.record, Vote)
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if vote is None or not isinstance(before, Election):
        return None
    counted = before.votes != after.votes
    refusals = [(each.target, each.body.vote) for each in sent(reacted.record, VoteRefused)]
    if refusals == ([] if counted else [(vote.sender, vote.body)]):
        return None
    what = "counts" if counted else "does not count"
    return Evidence(f"the vote of {vote.sender} {what}, and is refused {len(refusals)} times")


def unknown_run_off(election: Engine) -> Evidence | None:
    """A run-off that the election before it does not know, if there is one."""
    configuration = election.configuration
    following = AcquaintanceName(engine_name(configuration.title, configuration.round + 1))
    if not is_to_be_repeated(election) or following in election.environment.acquaintances:
        return None
    return Evidence(f"{election.identity.external} does not know {following}")


def missing_vote(reacted: Reacted) -> Evidence | None:
    """An invitation that a voter does not answer with a vote for its dearest choice, if there is one."""
    invitation = consumed(reacted.record, RunOffHeld)
    if invitation is None or not isinstance(reacted.before.configuration, VoterConfiguration):
        return None
    offered = invitation.body.candidates
    liked = [each for each in reacted.before.configuration.preferences if each in offered]
    due = [(invitation.body.election, Vote(choice)) for choice in liked[:1]]
    if [(each.target, each.body) for each in reacted.record.sent] == due:
        return None
    name = reacted.before.identity.external
    return Evidence(f"{name} is invited to {invitation.body.election}, and votes otherwise")


def waiting_message(state: GlobalState) -> Evidence | None:
    """A message that nobody will take, if there is one."""
    places = sorted(state.mailboxes)
    return Evidence(f"a message waits for {places[0].engine}") if places else None


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
        "a vote that does not count is refused once, to its sender",
        RefuseVote.id,
        Kind.ALWAYS,
        misanswered,
    ),
    ReactionProperty(
        "an invited voter votes for its dearest choice", VoteAgain.id, Kind.ALWAYS, missing_vote
    ),
    ReactionProperty(
        "every voter is invited once to a run-off", InviteVoters.id, Kind.ALWAYS, uninvited
    ),
    ReactionProperty(
        "an invitation names the run-off and who leads",
        InviteVoters.id,
        Kind.ALWAYS,
        misleading_invitation,
    ),
    StateProperty("every election has a result", ComputeResult.id, Kind.AT_REST, open_election),
    StateProperty("a tie leads to a run-off", HoldRunOff.id, Kind.AT_REST, missing_run_off),
    EngineProperty(
        "an election knows its run-off", HoldRunOff.id, Kind.AT_REST, ELECTIONS, unknown_run_off
    ),
    StateProperty(
        "no message of an election waits for ever", NoteRefusal.id, Kind.AT_REST, waiting_message
    ),
)
"""What must hold of every system of elections."""
