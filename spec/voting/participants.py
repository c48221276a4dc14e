"""What voters and observers do."""

from attrs import evolve

from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId, Source, Text
from spec.voting.configuration import ObserverConfiguration, VoterConfiguration
from spec.voting.environment import Observer, Voter
from spec.voting.messages import ResultAnnounced, RunOffHeld, Vote, VoteRefused

VOTER = FamilyName("voter")
"""The family of voters."""

OBSERVER = FamilyName("observer")
"""The family of observers."""


class VoteAgain(Rule[VoterConfiguration, Voter, tuple[Send, ...]]):
    """Invited to a run-off, a voter votes for its preferred candidate, or abstains."""

    id = RuleId("voting.vote-again")
    version = 1
    sources = (Source(Text.S3, "each different election or kind of voters"),)
    decides = "S3 does not say what voters do."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: VoterConfiguration, environment: Environment[Voter]
    ) -> tuple[Send, ...] | None:
        """Its vote, or none where it abstains; it applies to every invitation."""
        invitation = arrived(trigger, RunOffHeld)
        if invitation is None:
            return None
        offered = invitation.body.candidates
        preferred = [choice for choice in configuration.preferences if choice in offered]
        return tuple(Send(invitation.body.election, Vote(choice)) for choice in preferred[:1])

    @staticmethod
    def action(
        output: tuple[Send, ...],
        trigger: Trigger,
        configuration: VoterConfiguration,
        environment: Environment[Voter],
    ) -> Effect[Voter]:
        """It is sent."""
        return Effect(environment, output)


class NoteRefusal(Rule[VoterConfiguration, Voter, Message[VoteRefused]]):
    """A voter remembers that a vote of its own does not count, and why."""

    id = RuleId("voting.note-refusal")
    version = 1
    sources = (Source(Text.TREADLE, "a refusal is visible"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: VoterConfiguration, environment: Environment[Voter]
    ) -> Message[VoteRefused] | None:
        """Any refusal."""
        return arrived(trigger, VoteRefused)

    @staticmethod
    def action(
        output: Message[VoteRefused],
        trigger: Trigger,
        configuration: VoterConfiguration,
        environment: Environment[Voter],
    ) -> Effect[Voter]:
        """One more is known."""
        refusals = environment.local.refusals.add(output.body)
        return Effect(environment.with_local(evolve(environment.local, refusals=refusals)))


class NoteResult(Rule[ObserverConfiguration, Observer, Message[ResultAnnounced]]):
    """An observer remembers the results that it hears."""

    id = RuleId("voting.note-result")
    version = 1
    sources = (Source(Text.S3, "send the result to some other engine instances"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ObserverConfiguration, environment: Environment[Observer]
    ) -> Message[ResultAnnounced] | None:
        """Any announcement."""
        return arrived(trigger, ResultAnnounced)

    @staticmethod
    def action(
        output: Message[ResultAnnounced],
        trigger: Trigger,
        configuration: ObserverConfiguration,
        environment: Environment[Observer],
    ) -> Effect[Observer]:
        """One more is known."""
        results = environment.local.results.add(output.body.result)
        return Effect(environment.with_local(evolve(environment.local, results=results)))


VOTERS = EngineFamily(VOTER, (VoteAgain, NoteRefusal), one_at_a_time)
"""All voters."""

OBSERVERS = EngineFamily(OBSERVER, (NoteResult,), one_at_a_time)
"""All observers."""
