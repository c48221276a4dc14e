"""An election, from its opening to the result of its last round: the model over timers."""

from models.catalogue.common import DELIVERY, DUPLICATES, Options, discipline_of, known
from models.model import Interchangeable, Model, Parameter, World
from properties.engine_laws import ENGINE_LAWS
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from properties.voting import VOTING_PROPERTIES
from spec.formalism.engine import Engine
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults, GlobalState
from spec.voting.behaviour import (
    ELECTION,
    AnnounceResult,
    HoldRunOff,
    RefuseVote,
    StoreVote,
)
from spec.voting.messages import Choice, Reason, VoteRefused
from spec.voting.participants import OBSERVER
from spec.voting.system import Elector, Poll, voting_state, voting_system

CHOICES = (Choice("blue"), Choice("red"))
"""What stands for election."""


def elector(number: int) -> Elector:
    """A voter; every second one likes the other choice better."""
    first = number % 2
    return Elector(f"voter.{number}", (CHOICES[first], CHOICES[1 - first]))


def unentitled(engine: Engine) -> Evidence | None:
    """A vote that counts and whose sender may not vote, if there is one."""
    strangers = sorted(set(engine.environment.local.votes) - engine.configuration.voters)
    return Evidence(f"the vote of {strangers[0]} counts") if strangers else None


def unheard(state: GlobalState) -> Evidence | None:
    """A result that some observer has not heard, or an election without one, if there is any."""
    results = {
        name: engine.environment.local.result
        for name, engine in state.engines.items()
        if engine.family == ELECTION
    }
    heard = [
        engine.environment.local.results
        for engine in state.engines.values()
        if engine.family == OBSERVER
    ]
    missing = [name for name in sorted(results) if any(results[name] not in each for each in heard)]
    return (
        Evidence(f"the result of {missing[0]} is not known to all observers") if missing else None
    )


def too_late(reacted: Reacted) -> Evidence | None:
    """A vote that came after the election had closed, if it did."""
    bodies = (message.body for message in reacted.record.sent)
    late = any(isinstance(body, VoteRefused) and body.reason is Reason.CLOSED for body in bodies)
    return Evidence("a vote came after the election had closed") if late else None


def run_off(reacted: Reacted) -> Evidence | None:
    """A run-off that was held, if one was."""
    held = HoldRunOff.id in reacted.record.fired
    return Evidence("a round ended in a tie, and a run-off opened") if held else None


ALWAYS: tuple[Property, ...] = (
    *VOTING_PROPERTIES,
    EngineProperty(
        "only voters' votes count", StoreVote.id, Kind.ALWAYS, frozenset({ELECTION}), unentitled
    ),
    StateProperty("every observer hears every result", AnnounceResult.id, Kind.AT_REST, unheard),
    ReactionProperty("a vote comes too late", RefuseVote.id, Kind.SOMETIMES, too_late),
)
"""What holds of every election."""

RUN_OFF = ReactionProperty("a run-off is held", HoldRunOff.id, Kind.SOMETIMES, run_off)
"""What happens where there is a second round and enough voters for a tie."""


def election(options: Options) -> World:
    """An election by so many voters, with or without a stranger who votes too."""
    voters, rounds = options["voters"], options["rounds"]
    strangers = tuple(
        Elector(f"stranger.{number}", CHOICES) for number in range(1, options["strangers"] + 1)
    )
    poll = Poll(tuple(map(elector, range(1, voters + 1))), strangers, rounds=rounds)
    system = voting_system(discipline_of(options), Faults(duplicates=options["duplicates"]))
    witnesses = (RUN_OFF,) if rounds > 1 and voters > 1 else ()
    return World(
        system,
        voting_state(system, poll),
        (*ENGINE_LAWS, *ALWAYS, *witnesses),
        symmetry=(*of_one_mind(poll.voters), *of_one_mind(strangers)),
    )


def of_one_mind(electors: tuple[Elector, ...]) -> tuple[Interchangeable, ...]:
    """Those who like best what others do: they may change places with each other."""
    minds = dict.fromkeys(each.preferences for each in electors)
    groups = (
        tuple((on_local_node(each.name),) for each in electors if each.preferences == mind)
        for mind in minds
    )
    return tuple(Interchangeable(members) for members in groups if len(members) > 1)


VOTING = Model(
    name="voting",
    system="voting",
    sentence="An election that closes when its time is over, and run-offs after ties.",
    parameters=(
        Parameter("voters", "how many may vote", 3, least=1, most=5),
        Parameter("strangers", "how many vote and may not", 0, least=0, most=2),
        Parameter("rounds", "how many rounds there are at most", 2, least=1, most=3),
        DELIVERY,
        DUPLICATES,
    ),
    build=election,
    expected=(
        known(3484, 12114, 18),
        known(3720, 12656, 18, delivery="fifo"),
        known(474, 1333, 15, voters=2, strangers=1),
        known(402, 1027, 20, voters=2, rounds=3),
        known(2363, 6793, 16, voters=2, duplicates=1),
    ),
)
"""An election."""
