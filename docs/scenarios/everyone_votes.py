"""The election with one rule replaced by a wrong one: whoever sends a vote is counted."""

from collections.abc import Mapping

from models.model import Model, Value, World
from properties.engine_laws import ENGINE_LAWS
from properties.voting import VOTING_PROPERTIES
from spec.formalism.environment import Environment
from spec.formalism.message import Message, Trigger, arrived
from spec.voting.behaviour import ELECTION, StoreVote
from spec.voting.configuration import ElectionConfiguration
from spec.voting.environment import Election
from spec.voting.messages import Choice, Vote
from spec.voting.system import Elector, Poll, voting_state, voting_system

POLL = Poll(
    voters=(Elector("ann", (Choice("blue"),)),),
    strangers=(Elector("zoe", (Choice("red"),)),),
    rounds=1,
)


class StoreEveryVote(StoreVote):
    """Every vote counts."""

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> Message[Vote] | None:
        """Any vote."""
        return arrived(trigger, Vote)


def build(options: Mapping[str, Value]) -> World:
    """The election of `POLL` under the wrong rule; there is nothing to choose."""
    system = voting_system().replacing(ELECTION, StoreEveryVote)
    return World(system, voting_state(system, POLL), (*ENGINE_LAWS, *VOTING_PROPERTIES))


MODEL = Model(
    name="everyone-votes",
    system="voting",
    sentence="An election that counts the votes of strangers.",
    parameters=(),
    build=build,
)
