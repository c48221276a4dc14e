"""What an election does.

On one trigger several rules may apply. StoreVote and CountTurnout are concurrent: they fire
together, in either order. ComputeResult, AnnounceResult and HoldRunOff fire together too, on the
same timer, and run one after the other. RefuseVote competes with storing: never do both apply.
"""

from attrs import evolve

from spec.formalism.environment import Effect, Environment, SetTimer, Spawn
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time, phases
from spec.formalism.identity import AcquaintanceName
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    Message,
    Send,
    Timer,
    Trigger,
    arrived,
    elapsed,
)
from spec.formalism.rule import Rule, RuleId, Source, Text
from spec.voting.configuration import ElectionConfiguration, engine_name
from spec.voting.environment import CLOSING, INVITING, Election, opening, turnout
from spec.voting.messages import (
    Choice,
    Reason,
    Result,
    ResultAnnounced,
    RunOffHeld,
    Vote,
    VoteRefused,
)
from spec.voting.tally import leaders, objection

ELECTION = FamilyName("election")
"""The family of elections."""


def counting(
    trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
) -> Message[Vote] | None:
    """The vote that arrived, if it counts."""
    vote = arrived(trigger, Vote)
    if vote is None or objection(vote.sender, vote.body, configuration, environment.local):
        return None
    return vote


class StoreVote(Rule[ElectionConfiguration, Election, Message[Vote]]):
    """A vote counts if a voter casts its first one, for a candidate, while the election is open."""

    id = RuleId("voting.store-vote")
    version = 1
    sources = (Source(Text.S3, "`storeVote` to store a vote in the local state"),)
    decides = "S3 does not say which votes count."
    guard = staticmethod(counting)

    @staticmethod
    def action(
        output: Message[Vote],
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        votes = environment.local.votes.set(output.sender, output.body.choice)
        return Effect(environment.with_local(evolve(environment.local, votes=votes)))


class CountTurnout(Rule[ElectionConfiguration, Election, Message[Vote]]):
    """The state of the mailbox holds how many votes have counted so far."""

    id = RuleId("voting.count-turnout")
    version = 1
    sources = (
        Source(Text.S4, "an optional mailbox-specific state"),
        Source(Text.S3, "several guards are processed in parallel"),
    )
    decides = (
        "It stands here to show a mailbox state, and two rules that take effect in either order."
    )
    guard = staticmethod(counting)

    @staticmethod
    def action(
        output: Message[Vote],
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        return Effect(environment.with_mailbox_state(DEFAULT_MAILBOX, turnout(environment) + 1))


class RefuseVote(Rule[ElectionConfiguration, Election, tuple[Message[Vote], Reason]]):
    """A vote that does not count is answered with the reason."""

    id = RuleId("voting.refuse-vote")
    version = 1
    sources = (Source(Text.S3, "when guards are to be considered concurrent"),)
    decides = (
        "It competes with the rules that take a vote: what is refused is not stored, and the "
        "reverse."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> tuple[Message[Vote], Reason] | None:
        vote = arrived(trigger, Vote)
        if vote is None:
            return None
        reason = objection(vote.sender, vote.body, configuration, environment.local)
        return None if reason is None else (vote, reason)

    @staticmethod
    def action(
        output: tuple[Message[Vote], Reason],
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        vote, reason = output
        return Effect(environment, (Send(vote.sender, VoteRefused(vote.body, reason)),))


class ComputeResult(Rule[ElectionConfiguration, Election, tuple[Choice, ...]]):
    """When its time is over, an election is closed: the choices with most votes lead."""

    id = RuleId("voting.compute-result")
    version = 1
    sources = (Source(Text.S3, "`computeResult` to compute the result of the election"),)
    decides = "S3 does not say when: it is when a timer elapses."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> tuple[Choice, ...] | None:
        return leaders(environment.local) if elapsed(trigger, CLOSING) else None

    @staticmethod
    def action(
        output: tuple[Choice, ...],
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        result = Result(configuration.round, output, turnout(environment))
        return Effect(environment.with_local(evolve(environment.local, result=result)))


class AnnounceResult(Rule[ElectionConfiguration, Election, Timer]):
    """The result is sent to every observer, as soon as it is computed."""

    id = RuleId("voting.announce-result")
    version = 1
    sources = (Source(Text.S3, "`announceResult` to send the result to some other engine"),)
    decides = (
        "It applies together with ComputeResult, and runs after it: so its action finds the result."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> Timer | None:
        return elapsed(trigger, CLOSING)

    @staticmethod
    def action(
        output: Timer,
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election] | None:
        result = environment.local.result
        if result is None:
            return None
        observers = (environment.acquaintances[name] for name in configuration.observers)
        announced = ResultAnnounced(result)
        return Effect(
            environment, tuple(Send(observer.external, announced) for observer in observers)
        )


class HoldRunOff(Rule[ElectionConfiguration, Election, tuple[Choice, ...]]):
    """After a tie, a new election between the leaders opens, unless this was the last round."""

    id = RuleId("voting.hold-run-off")
    version = 1
    sources = (
        Source(Text.S4, 'a new "continuation engine" could be spawned'),
        Source(Text.S4, "names of spawned engines that do not have a cryptographic id yet"),
    )
    decides = "The next round is an engine of its own, with an identity of its own."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> tuple[Choice, ...] | None:
        tied = leaders(environment.local)
        last = configuration.round == configuration.rounds
        return tied if elapsed(trigger, CLOSING) and len(tied) > 1 and not last else None

    @staticmethod
    def action(
        output: tuple[Choice, ...],
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        following = configuration.round + 1
        name = engine_name(configuration.title, following)
        successor = evolve(configuration, candidates=frozenset(output), round=following)
        opened = opening(successor, environment.acquaintances, environment.time)
        return Effect(
            evolve(environment, unnamed_spawns=environment.unnamed_spawns.add(name)),
            timers=(SetTimer(INVITING, Delay(0)),),
            spawns=(Spawn(name, ELECTION, successor, opened),),
        )


class InviteVoters(Rule[ElectionConfiguration, Election, RunOffHeld]):
    """Once the run-off has an identity, every voter is told where it may vote again, for whom."""

    id = RuleId("voting.invite-voters")
    version = 1
    sources = (Source(Text.S4, "a finite set of _named acquaintances_"),)
    decides = "The action that asks for an engine does not know its identity; a later one does."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ElectionConfiguration, environment: Environment[Election]
    ) -> RunOffHeld | None:
        name = AcquaintanceName(engine_name(configuration.title, configuration.round + 1))
        if elapsed(trigger, INVITING) is None or name not in environment.acquaintances:
            return None
        return RunOffHeld(environment.acquaintances[name].external, leaders(environment.local))

    @staticmethod
    def action(
        output: RunOffHeld,
        trigger: Trigger,
        configuration: ElectionConfiguration,
        environment: Environment[Election],
    ) -> Effect[Election]:
        return Effect(
            environment, tuple(Send(voter, output) for voter in sorted(configuration.voters))
        )


_in_phases = phases(
    frozenset({StoreVote.id, CountTurnout.id}),
    frozenset({ComputeResult.id}),
    frozenset({AnnounceResult.id}),
    frozenset({HoldRunOff.id}),
    frozenset({InviteVoters.id}),
)


def solve(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    """A refusal stands alone, or resolution fails; the other rules run in phases."""
    return one_at_a_time(fired) if RefuseVote.id in fired else _in_phases(fired)


ELECTIONS = EngineFamily(
    ELECTION,
    (
        StoreVote,
        CountTurnout,
        RefuseVote,
        ComputeResult,
        AnnounceResult,
        HoldRunOff,
        InviteVoters,
    ),
    solve,
)
"""All elections: with each different election we obtain a new engine of this family."""
