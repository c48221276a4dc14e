"""Slips of elections."""

from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import (
    amended,
    doubled,
    forgetful,
    idle,
    never,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import slip
from models.twins.twin import Defect, Twin, wrong
from spec.formalism.environment import Effect, Environment
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Send, Trigger, arrived
from spec.voting.behaviour import (
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    HoldRunOff,
    InviteVoters,
    RefuseVote,
    StoreVote,
)
from spec.voting.configuration import ElectionConfiguration, VoterConfiguration, engine_name
from spec.voting.environment import Election, Voter, turnout
from spec.voting.messages import Choice, Reason, RunOffHeld, Vote
from spec.voting.participants import NoteRefusal, NoteResult, VoteAgain

ELECTION, VOTER, OBSERVER = "election", "voter", "observer"

ElectionEnv = Environment[Election]


def _any_vote(
    trigger: Trigger, _configuration: Any, _environment: ElectionEnv
) -> Message[Vote] | None:
    """Every vote counts."""
    return arrived(trigger, Vote)


def _under_its_own_name(
    output: Message[Vote], _trigger: Trigger, _configuration: Any, environment: ElectionEnv
) -> Effect[Election]:
    """The vote is stored as the election's own."""
    votes = environment.local.votes.set(output.target, output.body.choice)
    return Effect(environment.with_local(evolve(environment.local, votes=votes)))


def _by_two(effect: Effect[Election], environment: ElectionEnv) -> Effect[Election]:
    """Each vote counts for two."""
    counted = environment.with_mailbox_state(DEFAULT_MAILBOX, turnout(environment) + 2)
    return evolve(effect, environment=counted)


def _only_the_first(
    output: tuple[Choice, ...],
    trigger: Trigger,
    configuration: ElectionConfiguration,
    environment: ElectionEnv,
) -> Effect[Election]:
    """Of several leaders, only the first is named."""
    return ComputeResult.action(output[:1], trigger, configuration, environment)


def _of_all(
    _output: tuple[Choice, ...],
    trigger: Trigger,
    configuration: ElectionConfiguration,
    environment: ElectionEnv,
) -> Effect[Election]:
    """Whatever stands for election leads."""
    everything = tuple(sorted(configuration.candidates))
    return ComputeResult.action(everything, trigger, configuration, environment)


def _same_name(effect: Effect[Election], _environment: ElectionEnv) -> Effect[Election]:
    """The run-off has the name of the election."""
    (spawn,) = effect.spawns
    title = spawn.configuration.title
    return evolve(
        effect, spawns=(evolve(spawn, name=engine_name(title, spawn.configuration.round - 1)),)
    )


def _to_itself(
    output: RunOffHeld,
    trigger: Trigger,
    configuration: ElectionConfiguration,
    environment: ElectionEnv,
) -> Effect[Election]:
    """The invitation names the election that sends it."""
    own = on_local_node(engine_name(configuration.title, configuration.round))
    return InviteVoters.action(evolve(output, election=own), trigger, configuration, environment)


def _forgotten(effect: Effect[Election], environment: ElectionEnv) -> Effect[Election]:
    """The election has no result any more."""
    local = evolve(environment.local, result=None)
    return evolve(effect, environment=environment.with_local(local))


def _unless_late(
    trigger: Trigger, configuration: ElectionConfiguration, environment: ElectionEnv
) -> tuple[Message[Vote], Reason] | None:
    """A vote that comes too late is not refused."""
    refused = RefuseVote.guard(trigger, configuration, environment)
    return None if refused and refused[1] is Reason.CLOSED else refused


def _last_choice(
    trigger: Trigger, configuration: VoterConfiguration, environment: Environment[Voter]
) -> tuple[Send, ...] | None:
    """The vote for what the voter likes least."""
    backwards = evolve(configuration, preferences=tuple(reversed(configuration.preferences)))
    return VoteAgain.guard(trigger, backwards, environment)


def _to_the_old_election(
    trigger: Trigger, configuration: VoterConfiguration, environment: Environment[Voter]
) -> tuple[Send, ...] | None:
    """The vote goes to the election that sent the invitation."""
    invitation = arrived(trigger, RunOffHeld)
    votes = VoteAgain.guard(trigger, configuration, environment)
    if invitation is None or votes is None:
        return None
    return tuple(evolve(vote, target=invitation.sender) for vote in votes)


ELECTION_SLIPS: tuple[Twin, ...] = (
    slip(
        "vote-not-stored",
        Defect.ELECTIONS,
        "A vote is counted and not stored.",
        wrong(ELECTION, idle(StoreVote)),
        stages.ONE_VOTER,
        laws.TURNOUT,
        1,
    ),
    slip(
        "every-vote-stored",
        Defect.ELECTIONS,
        "A stranger's vote is stored and refused, so that resolution fails.",
        wrong(ELECTION, with_guard(StoreVote, _any_vote)),
        stages.STRANGER,
        laws.NOT_REFUSED,
        1,
    ),
    slip(
        "vote-stored-under-another-name",
        Defect.ELECTIONS,
        "A vote is stored under the name of the election.",
        wrong(ELECTION, with_action(StoreVote, _under_its_own_name)),
        stages.ONE_VOTER,
        laws.ONLY_VOTERS,
        1,
    ),
    slip(
        "vote-counted-twice",
        Defect.ELECTIONS,
        "Each vote counts for two in the turnout.",
        wrong(ELECTION, amended(CountTurnout, _by_two)),
        stages.ONE_VOTER,
        laws.TURNOUT,
        1,
    ),
    slip(
        "every-vote-counted",
        Defect.ELECTIONS,
        "A stranger's vote is counted and refused, so that resolution fails.",
        wrong(ELECTION, with_guard(CountTurnout, _any_vote)),
        stages.STRANGER,
        laws.NOT_REFUSED,
        1,
    ),
    slip(
        "vote-refused-twice",
        Defect.ELECTIONS,
        "A vote that does not count is refused twice.",
        wrong(ELECTION, doubled(RefuseVote)),
        stages.STRANGER,
        laws.REFUSED_ONCE,
        1,
    ),
    slip(
        "vote-refused-in-silence",
        Defect.ELECTIONS,
        "A vote that does not count is taken, and its sender not told.",
        wrong(ELECTION, silent(RefuseVote)),
        stages.STRANGER,
        laws.REFUSED_ONCE,
        1,
    ),
    slip(
        "late-vote-left",
        Defect.ELECTIONS,
        "A vote that comes too late is left in the mailbox.",
        wrong(ELECTION, with_guard(RefuseVote, _unless_late)),
        stages.ONE_VOTER,
        laws.LATE_VOTE,
        0,
    ),
    slip(
        "vote-that-does-not-count-left",
        Defect.ELECTIONS,
        "A vote that does not count is left in the mailbox.",
        wrong(ELECTION, never(RefuseVote)),
        stages.STRANGER,
        laws.NO_MESSAGE,
        2,
    ),
    slip(
        "tie-broken-in-silence",
        Defect.ELECTIONS,
        "Of several leaders, the result names the first.",
        wrong(ELECTION, with_action(ComputeResult, _only_the_first)),
        stages.TWO_VOTERS,
        laws.MOST_VOTES,
        3,
    ),
    slip(
        "everybody-leads",
        Defect.ELECTIONS,
        "The result names whatever stands for election.",
        wrong(ELECTION, with_action(ComputeResult, _of_all)),
        stages.ONE_VOTER,
        laws.MOST_VOTES,
        1,
    ),
    slip(
        "result-not-stored",
        Defect.ELECTIONS,
        "The result is computed and forgotten, and its announcement has nothing to say.",
        wrong(ELECTION, forgetful(ComputeResult)),
        stages.ONE_VOTER,
        laws.NOT_REFUSED,
        1,
    ),
    slip(
        "result-not-announced",
        Defect.ELECTIONS,
        "No observer is told the result.",
        wrong(ELECTION, silent(AnnounceResult)),
        stages.ONE_VOTER,
        laws.ALL_HEAR,
        2,
    ),
    slip(
        "result-announced-twice",
        Defect.ELECTIONS,
        "Every observer is told the result twice.",
        wrong(ELECTION, doubled(AnnounceResult)),
        stages.ONE_VOTER,
        laws.ANNOUNCED_ONCE,
        1,
    ),
    slip(
        "no-run-off",
        Defect.ELECTIONS,
        "A tie leads to nothing.",
        wrong(ELECTION, never(HoldRunOff)),
        stages.TWO_VOTERS,
        laws.RUN_OFF,
        4,
    ),
    slip(
        "run-off-not-remembered",
        Defect.ELECTIONS,
        "The election does not remember which run-off it has asked for.",
        wrong(ELECTION, forgetful(HoldRunOff)),
        stages.TWO_VOTERS,
        laws.KNOWS_RUN_OFF,
        6,
    ),
    slip(
        "run-off-under-the-same-name",
        Defect.NAMING,
        "The run-off has the name of the election before it.",
        wrong(ELECTION, amended(HoldRunOff, _same_name)),
        stages.TWO_VOTERS,
        laws.HOLDS_RUN_OFF,
        0,
    ),
    slip(
        "nobody-invited",
        Defect.ELECTIONS,
        "No voter is told of the run-off.",
        wrong(ELECTION, silent(InviteVoters)),
        stages.TWO_VOTERS,
        laws.INVITED_ONCE,
        4,
    ),
    slip(
        "result-forgotten-with-the-run-off",
        Defect.ELECTIONS,
        "An election that invites to its run-off forgets its result.",
        wrong(ELECTION, amended(InviteVoters, _forgotten)),
        stages.TWO_VOTERS,
        laws.CLOSED,
        4,
    ),
    slip(
        "invited-to-the-old-election",
        Defect.ELECTIONS,
        "Voters are told to vote where they have voted before.",
        wrong(ELECTION, with_action(InviteVoters, _to_itself)),
        stages.TWO_VOTERS,
        laws.INVITATION,
        4,
    ),
    slip(
        "invitation-not-answered",
        Defect.ELECTIONS,
        "A voter that is invited does not vote.",
        wrong(VOTER, silent(VoteAgain)),
        stages.TWO_VOTERS,
        laws.VOTES_AGAIN,
        5,
    ),
    slip(
        "invitation-answered-to-the-old-election",
        Defect.ELECTIONS,
        "A voter votes where it voted before.",
        wrong(VOTER, with_guard(VoteAgain, _to_the_old_election)),
        stages.TWO_VOTERS,
        laws.VOTES_AGAIN,
        5,
    ),
    slip(
        "last-choice-voted-for",
        Defect.ELECTIONS,
        "A voter votes for what it likes least.",
        wrong(VOTER, with_guard(VoteAgain, _last_choice)),
        stages.TWO_VOTERS,
        laws.VOTES_AGAIN,
        5,
    ),
    slip(
        "invitation-left",
        Defect.ELECTIONS,
        "A voter leaves the invitation in its mailbox.",
        wrong(VOTER, never(VoteAgain)),
        stages.TWO_VOTERS,
        laws.NO_MESSAGE,
        7,
    ),
    slip(
        "refusal-left",
        Defect.ELECTIONS,
        "A voter leaves the refusal in its mailbox.",
        wrong(VOTER, never(NoteRefusal)),
        stages.STRANGER,
        laws.NO_MESSAGE,
        5,
    ),
    slip(
        "result-left",
        Defect.ELECTIONS,
        "An observer leaves the result in its mailbox.",
        wrong(OBSERVER, never(NoteResult)),
        stages.ONE_VOTER,
        laws.NO_MESSAGE,
        2,
    ),
    slip(
        "result-not-noted",
        Defect.ELECTIONS,
        "An observer takes the result and forgets it.",
        wrong(OBSERVER, idle(NoteResult)),
        stages.ONE_VOTER,
        laws.ALL_HEAR,
        3,
    ),
)
"""The slips, in the order of the register."""
