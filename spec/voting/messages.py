"""What the engines of an election say to each other."""

from enum import Enum
from typing import NewType

from attrs import frozen

from spec.formalism.identity import EngineId

Choice = NewType("Choice", str)
"""What one may vote for."""


class Reason(Enum):
    """Why a vote is refused; the first that applies."""

    STRANGER = "its sender is not registered as a voter"
    CLOSED = "the election is closed"
    SECOND = "its sender has voted before"
    UNKNOWN_CHOICE = "its choice does not stand for election"


@frozen
class Result:
    """What an election came to."""

    round: int
    """Which round it is the result of, counted from 1."""
    leaders: tuple[Choice, ...]
    """The choices with most votes, in order: several on a tie, none if nobody voted."""
    turnout: int
    """How many votes were counted."""


@frozen
class Vote:
    """From a voter to an election."""

    choice: Choice
    """What it votes for."""


@frozen
class VoteRefused:
    """From an election to whoever sent the vote."""

    vote: Vote
    """The vote that is not counted."""
    reason: Reason
    """Why."""


@frozen
class ResultAnnounced:
    """From an election to an observer."""

    result: Result
    """What the election came to."""


@frozen
class RunOffHeld:
    """From an election that ended in a tie to its voters."""

    election: EngineId
    """The election that holds the next round: vote there."""
    candidates: tuple[Choice, ...]
    """The choices that are left."""
