"""What elections and voters are told at birth, and what never changes afterwards."""

from attrs import frozen

from spec.formalism.identity import AcquaintanceName, EngineId, EngineName
from spec.formalism.message import Delay
from spec.voting.messages import Choice


@frozen
class ElectionConfiguration:
    """One round of an election."""

    title: str
    """What the election is about: the same in every round."""
    candidates: frozenset[Choice]
    """The choices that stand for election in this round."""
    voters: frozenset[EngineId]
    """Who may vote."""
    observers: tuple[AcquaintanceName, ...]
    """Who hears of the result: names of acquaintances."""
    duration: Delay
    """How long a round is open."""
    rounds: int
    """How many rounds there are at most: a tie in the last one stands."""
    round: int = 1
    """Which round this is."""


@frozen
class VoterConfiguration:
    """One voter."""

    preferences: tuple[Choice, ...]
    """What it would vote for, the dearest first; it abstains where none of these stands."""


@frozen
class ObserverConfiguration:
    """One observer: there is nothing to tell it."""


def engine_name(title: str, round_: int) -> EngineName:
    """The name of the engine that holds a round of an election."""
    return EngineName(f"{title}-{round_}")
