"""Contracts on elections: which votes count, and who leads."""

from pyrsistent import pmap

from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import Delay
from spec.voting import tally
from spec.voting.configuration import ElectionConfiguration
from spec.voting.environment import Election
from spec.voting.messages import Choice, Reason, Result, Vote
from spec.voting.tally import leaders, objection
from tests.contracts.contract import Contract

VOTERS = tuple(on_local_node(name) for name in ("ann", "bob", "cyd"))
"""Who votes."""

CHOICES = (Choice("red"), Choice("blue"), Choice("green"))
"""What they vote for."""


def a_vote_is_refused_for_the_first_reason_that_applies(
    registered: bool, closed: bool, voted: bool, stands: bool
) -> None:
    """A stranger, too late, a second time, for nobody: in this order."""
    assert isinstance(registered, bool)
    configuration = ElectionConfiguration(
        "election",
        frozenset(CHOICES[:1] if stands else ()),
        frozenset(VOTERS[:1] if registered else ()),
        (),
        Delay(1),
        rounds=1,
    )
    votes = pmap({VOTERS[0]: CHOICES[0]} if voted else {})
    election = Election(votes, Result(1, (), 0) if closed else None)
    reasons = (
        (Reason.STRANGER, not registered),
        (Reason.CLOSED, closed),
        (Reason.SECOND, voted),
        (Reason.UNKNOWN_CHOICE, not stands),
    )
    expected = next((reason for reason, applies in reasons if applies), None)
    assert objection(VOTERS[0], Vote(CHOICES[0]), configuration, election) is expected


def objection_without_closing(
    sender: EngineId, vote: Vote, configuration: ElectionConfiguration, election: Election
) -> Reason | None:
    """A wrong version: votes count after the result, too."""
    return tally.objection(sender, vote, configuration, Election(election.votes))


def nobody_has_more_votes_than_a_leader(
    first: int | None, second: int | None, third: int | None
) -> None:
    """Whoever is not among the leaders has fewer votes than they."""
    assert first is None or 0 <= first <= 2
    assert second is None or 0 <= second <= 2
    assert third is None or 0 <= third <= 2
    cast = (first, second, third)
    votes = {who: CHOICES[vote] for who, vote in zip(VOTERS, cast, strict=True) if vote is not None}
    counts = [sum(vote == which for vote in cast) for which in range(len(CHOICES))]
    found = leaders(Election(pmap(votes)))
    expected = {CHOICES[which] for which in range(3) if counts[which] == max(counts) > 0}
    assert found == tuple(sorted(expected))


def leader_of_all(election: Election) -> tuple[Choice, ...]:
    """A wrong version: a tie goes to the first."""
    return tally.leaders(election)[:1]


CONTRACTS = (
    Contract(
        a_vote_is_refused_for_the_first_reason_that_applies,
        "objection",
        objection_without_closing,
        "one vote, all reasons",
        short=True,
    ),
    Contract(nobody_has_more_votes_than_a_leader, "leaders", leader_of_all, "3 voters, 3 choices"),
)
"""The contracts of this module."""
