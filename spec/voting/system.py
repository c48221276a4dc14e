"""Elections as closed systems: who votes for what, who hears of it, and how the messages travel."""

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.family import EngineFamily
from spec.formalism.identity import (
    AcquaintanceName,
    EngineId,
    Identity,
    identity_of,
    on_local_node,
)
from spec.formalism.message import DEFAULT_MAILBOX, Delay, Message, Time
from spec.formalism.state import NO_FAULTS, Faults, GlobalState, initial_state
from spec.formalism.system import System
from spec.voting.behaviour import ELECTION, ELECTIONS
from spec.voting.configuration import (
    ElectionConfiguration,
    ObserverConfiguration,
    VoterConfiguration,
    engine_name,
)
from spec.voting.environment import Observer, Voter, opening
from spec.voting.messages import Choice, Vote
from spec.voting.participants import OBSERVER, OBSERVERS, VOTER, VOTERS


@frozen
class Elector:
    """Someone who sends a vote, whether or not they may."""

    name: str
    """The name of the engine."""
    preferences: tuple[Choice, ...]
    """What they vote for, the dearest first; at least one."""


@frozen
class Poll:
    """Who takes part in an election, and how long it is open."""

    voters: tuple[Elector, ...]
    """Who may vote."""
    strangers: tuple[Elector, ...] = ()
    """Who votes and may not."""
    observers: tuple[str, ...] = ("observer",)
    """Who hears of the result."""
    duration: Delay = Delay(1)
    """How long a round is open."""
    rounds: int = 2
    """How many rounds there are at most."""
    title: str = "election"
    """What it is about."""


def voting_system(discipline: AnyDiscipline = Unordered, faults: Faults = NO_FAULTS) -> System:
    """The system of elections, over a network that delivers so and fails so often."""
    families: dict[str, EngineFamily] = {
        family.name: family for family in (ELECTIONS, VOTERS, OBSERVERS)
    }
    return System(pmap(families), discipline, faults)


def voting_state(system: System, poll: Poll) -> GlobalState:
    """The state in which the election has opened and every vote is on its way."""
    electors = poll.voters + poll.strangers
    engines = (
        election(poll),
        *(voter(elector) for elector in electors),
        *(observer(name) for name in poll.observers),
    )
    votes = tuple(first_vote(poll, elector) for elector in electors)
    return initial_state(system.discipline, engines, votes, system.faults)


def election_id(poll: Poll, round_: int = 1) -> EngineId:
    """The id of the engine that holds a round of the election."""
    return on_local_node(engine_name(poll.title, round_))


def first_vote(poll: Poll, elector: Elector) -> Message[Vote]:
    """The vote that the elector sends to the first round."""
    sender, body = on_local_node(elector.name), Vote(elector.preferences[0])
    return Message(sender, election_id(poll), DEFAULT_MAILBOX, body)


def election(poll: Poll) -> Engine:
    """The first round; whatever voters like best stands for election."""
    configuration = ElectionConfiguration(
        poll.title,
        frozenset(elector.preferences[0] for elector in poll.voters),
        frozenset(on_local_node(elector.name) for elector in poll.voters),
        tuple(AcquaintanceName(name) for name in poll.observers),
        poll.duration,
        poll.rounds,
    )
    opened = opening(configuration, observers_by_name(poll), Time(0))
    return Engine(identity_of(election_id(poll)), ELECTION, configuration, opened)


def observers_by_name(poll: Poll) -> PMap[AcquaintanceName, Identity]:
    """Whom the election knows."""
    return pmap(
        {AcquaintanceName(name): identity_of(on_local_node(name)) for name in poll.observers}
    )


def voter(elector: Elector) -> Engine:
    """The engine of a voter, or of someone who would like to be one."""
    configuration = VoterConfiguration(elector.preferences)
    return Engine(
        identity_of(on_local_node(elector.name)), VOTER, configuration, Environment(Voter())
    )


def observer(name: str) -> Engine:
    """The engine of an observer."""
    return Engine(
        identity_of(on_local_node(name)),
        OBSERVER,
        ObserverConfiguration(),
        Environment(Observer()),
    )
