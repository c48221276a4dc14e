"""What an election decides: small pure functions."""

from collections import Counter

from spec.formalism.identity import EngineId
from spec.voting.configuration import ElectionConfiguration
from spec.voting.environment import Election
from spec.voting.messages import Choice, Reason, Vote


def objection(
    sender: EngineId, vote: Vote, configuration: ElectionConfiguration, election: Election
) -> Reason | None:
    """Why the vote does not count; nothing if it does."""
    if sender not in configuration.voters:
        return Reason.STRANGER
    if election.result is not None:
        return Reason.CLOSED
    if sender in election.votes:
        return Reason.SECOND
    return None if vote.choice in configuration.candidates else Reason.UNKNOWN_CHOICE


def leaders(election: Election) -> tuple[Choice, ...]:
    """The choices that nobody has more votes than, in order; none without votes."""
    counts = Counter(election.votes.values())
    most = max(counts.values(), default=0)
    return tuple(sorted(choice for choice, count in counts.items() if count == most))
