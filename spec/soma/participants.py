"""Who stands around Soma's engines: sources, callers beside the driver, and who breaks tasks."""

from attrs import frozen
from pyrsistent import PSet, pmap, pset

from spec.formalism.environment import DiscardTimer, Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId
from spec.formalism.message import Message, Send, Time, TimerHandle, TimersElapsed, Trigger, arrived
from spec.formalism.rule import Rule, RuleId, Source, Text
from spec.soma.authority.messages import Executed, ExecutionFailed
from spec.soma.manager.messages import CertificateRefused
from spec.soma.task.messages import Crash


@frozen
class SourceState:
    """The local state of a source of certificates, all of which it has sent."""

    refusals: PSet[CertificateRefused] = pset()
    """What it has heard of them."""


class NoteRefusal(Rule[None, SourceState, CertificateRefused]):
    """A source notes which of its certificates were refused, and does not try again."""

    id = RuleId("soma.note-refusal")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, every enqueue has a visible fate"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: None, environment: Environment[SourceState]
    ) -> CertificateRefused | None:
        """Any refusal."""
        refusal = arrived(trigger, CertificateRefused)
        return refusal.body if refusal else None

    @staticmethod
    def action(
        output: CertificateRefused,
        trigger: Trigger,
        configuration: None,
        environment: Environment[SourceState],
    ) -> Effect[SourceState]:
        """It is noted."""
        refusals = environment.local.refusals.add(output)
        return Effect(environment.with_local(SourceState(refusals)))


@frozen
class CallerState:
    """The local state of one that has certificates executed beside the driver: state sync, say."""

    results: PSet[Executed | ExecutionFailed] = pset()
    """What AuthorityState has answered."""


class NoteResult(Rule[None, CallerState, Message[Executed] | Message[ExecutionFailed]]):
    """Who has certificates executed beside the driver notes the results, and does not try again."""

    id = RuleId("soma.note-result")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState"),)
    decides = (
        "AuthorityState may be asked by others than tasks: in the public code by the node itself, "
        "for its first transaction; elsewhere by state sync. So it cannot be the driver that sees "
        "to it that a digest executes at most once."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: None, environment: Environment[CallerState]
    ) -> Message[Executed] | Message[ExecutionFailed] | None:
        """Any result."""
        return arrived(trigger, Executed) or arrived(trigger, ExecutionFailed)

    @staticmethod
    def action(
        output: Message[Executed] | Message[ExecutionFailed],
        trigger: Trigger,
        configuration: None,
        environment: Environment[CallerState],
    ) -> Effect[CallerState]:
        """It is noted."""
        results = environment.local.results.add(output.body)
        return Effect(environment.with_local(CallerState(results)))


@frozen
class NemesisConfiguration:
    """What breaks tasks, and which."""

    tasks: tuple[EngineId, ...]
    """The tasks that there may be."""


@frozen
class NemesisState:
    """The local state of what breaks tasks."""

    crashes: int
    """How many more it may break."""


class BreakTask(Rule[NemesisConfiguration, NemesisState, EngineId]):
    """As long as its budget lasts, a nemesis may have any task crash, at any point."""

    id = RuleId("soma.break-task")
    version = 1
    sources = (
        Source(Text.S2, "Certificate execution task failed with error"),
        Source(Text.TREADLE, "SEMANTICS: Soma, task"),
    )
    decides = (
        "A timer for each task stands for the choice. A task that is broken after it has finished, "
        "or that is never spawned, is none that crashes: so fewer may crash than the budget allows."
    )

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: NemesisConfiguration,
        environment: Environment[NemesisState],
    ) -> EngineId | None:
        """The timer of a task elapses: it is set as long as the budget lasts."""
        handles = {breaking(task): task for task in configuration.tasks}
        timers = trigger.event.timers if isinstance(trigger.event, TimersElapsed) else ()
        return next((handles[each.handle] for each in timers if each.handle in handles), None)

    @staticmethod
    def action(
        output: EngineId,
        trigger: Trigger,
        configuration: NemesisConfiguration,
        environment: Environment[NemesisState],
    ) -> Effect[NemesisState]:
        """The task is told to crash."""
        left = environment.local.crashes - 1
        spent = tuple(DiscardTimer(breaking(each)) for each in configuration.tasks)
        return Effect(
            environment.with_local(NemesisState(left)),
            (Send(output, Crash()),),
            () if left else spent,
        )


def breaking(task: EngineId) -> TimerHandle:
    """The timer that stands for the choice to break a task."""
    return TimerHandle(f"break {task}")


def threatening(tasks: tuple[EngineId, ...], crashes: int) -> Environment[NemesisState]:
    """The environment of a nemesis that may break so many of these tasks."""
    threatened = tasks if crashes else ()
    timers = pmap({breaking(task): Time(0) for task in threatened})
    return Environment(NemesisState(crashes), timers=timers)


SOURCE = EngineFamily(FamilyName("source"), (NoteRefusal,), one_at_a_time)
"""Sources of certificates."""

CALLER = EngineFamily(FamilyName("caller"), (NoteResult,), one_at_a_time)
"""Those who have certificates executed beside the driver."""

NEMESIS = EngineFamily(FamilyName("nemesis"), (BreakTask,), one_at_a_time)
"""What breaks tasks."""
