"""What elections, voters and observers remember."""

from attrs import frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.formalism.environment import Environment
from spec.formalism.identity import AcquaintanceName, EngineId, Identity
from spec.formalism.message import DEFAULT_MAILBOX, Time, TimerHandle
from spec.voting.configuration import ElectionConfiguration
from spec.voting.messages import Choice, Result, VoteRefused

CLOSING = TimerHandle("closing")
"""The timer that closes an election."""

INVITING = TimerHandle("inviting")
"""The timer that lets an election go on once its run-off has an identity."""


@frozen
class Election:
    """The local state of an election."""

    votes: PMap[EngineId, Choice] = pmap()
    """The votes that count, by voter."""
    result: Result | None = None
    """The result; nothing while the election is open."""


@frozen
class Voter:
    """The local state of a voter."""

    refusals: PSet[VoteRefused] = pset()
    """What it has been told of votes that do not count."""


@frozen
class Observer:
    """The local state of an observer."""

    results: PSet[Result] = pset()
    """The results it has heard."""


def opening(
    configuration: ElectionConfiguration,
    acquaintances: PMap[AcquaintanceName, Identity],
    now: Time,
) -> Environment[Election]:
    """The environment of an election that opens now, and closes when its time is over."""
    return Environment(
        Election(),
        mailbox_states=pmap({DEFAULT_MAILBOX: 0}),
        acquaintances=acquaintances,
        timers=pmap({CLOSING: Time(now + configuration.duration)}),
        time=now,
    )


def turnout(environment: Environment[Election]) -> int:
    """How many votes the state of the mailbox says have been counted."""
    counted: int = environment.mailbox_states[DEFAULT_MAILBOX]
    return counted
