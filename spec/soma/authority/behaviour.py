"""The rules of AuthorityState."""

from spec.formalism.environment import Effect
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId, Source, Text
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import (
    AuthorityEnv,
    AuthorityState,
    abandoned,
    begun,
    conflicts,
    due,
    finished,
    is_free,
    objection,
    unlocked,
)
from spec.soma.authority.epochs import AnswerEpoch, AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    Finish,
    Reconfigure,
    TryExecute,
)
from spec.soma.execution import Effects, ExecutionError

Request = Message[TryExecute]
"""A request to execute a certificate."""


class AnswerExecuted(Rule[AuthorityConfiguration, AuthorityState, tuple[Request, Effects]]):
    """A transaction that is executed is not executed again: the answer is the same effects.

    This is looked at first: it does not matter which epoch it is, and no lock is needed.
    """

    id = RuleId("authority.answer-executed")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState, order of checks"),)
    decides = (
        "At most once is a statement about digests, over all epochs. If the epoch were looked at "
        "first, a transaction that was executed in the old epoch and certified again would be an "
        "error there: the model `soma-recertified` shows it."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> tuple[Request, Effects] | None:
        asked = request(trigger, environment.local)
        executed = environment.local.executed
        effects = executed.get(asked.body.certificate.digest) if asked else None
        return (asked, effects) if asked and effects else None

    @staticmethod
    def action(
        output: tuple[Request, Effects],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        asked, effects = output
        return Effect(environment, (Send(asked.sender, Executed(effects)),))


class RefuseExecution(Rule[AuthorityConfiguration, AuthorityState, tuple[Request, ExecutionError]]):
    """A certificate of another epoch, or whose inputs are not all there, is not executed.

    Its epoch has to be the one that was loaded and the current one; this is looked at before the
    inputs. While its digest is locked or a reconfiguration waits, the request waits.
    """

    id = RuleId("authority.refuse-execution")
    version = 1
    sources = (
        Source(Text.S2, "Epoch context verification"),
        Source(Text.S2, "Certificates execute in the correct epoch context"),
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> tuple[Request, ExecutionError] | None:
        asked = request(trigger, environment.local)
        if not asked or not is_free(environment.local, asked.body):
            return None
        error = objection(environment.local, asked.body)
        return (asked, error) if error else None

    @staticmethod
    def action(
        output: tuple[Request, ExecutionError],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        asked, error = output
        digest = asked.body.certificate.digest
        failure = Send(asked.sender, ExecutionFailed(digest, error))
        return Effect(
            environment, (failure, Send(configuration.manager, Failed(digest, asked.sender)))
        )


class BeginExecution(Rule[AuthorityConfiguration, AuthorityState, Request]):
    """Where nothing stands against it, an execution begins: it reads its inputs, and takes locks.

    It holds the lock of its digest, and the epoch's read lock. It finishes in a step of its own,
    which AuthorityState asks of itself.
    """

    id = RuleId("authority.begin-execution")
    version = 1
    sources = (
        Source(Text.S2, "Handles certificate execution via AuthorityState"),
        Source(Text.S2, "Proper transaction isolation"),
    )
    decides = (
        "S2 leaves open what happens inside an execution. Two steps are the fewest between which "
        "something can come: another execution, a crash, a reconfiguration. The second one is not "
        "driven by the task, which awaits the result."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Request | None:
        asked = request(trigger, environment.local)
        if not asked or not is_free(environment.local, asked.body):
            return None
        return None if objection(environment.local, asked.body) else asked

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        finish = Finish(output.body.certificate.digest, output.sender)
        after = begun(environment.local, output)
        return Effect(environment.with_local(after), (Send(output.target, finish),))


class FinishExecution(Rule[AuthorityConfiguration, AuthorityState, tuple[Finish, Effects]]):
    """An execution finishes: the program runs, versions are written, the locks are released.

    Who has asked for it gets the effects, and the manager hears which versions there are now. A
    program that fails has effects too, and counts as an execution.
    """

    id = RuleId("authority.finish-execution")
    version = 1
    sources = (
        Source(Text.S2, "Reports execution results and errors"),
        Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState"),
    )
    decides = (
        "Only AuthorityState knows of every execution, those beside the driver among them: so it "
        "is the one that tells the manager."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> tuple[Finish, Effects] | None:
        finish = arrived(trigger, Finish)
        effects = due(environment.local, finish.body) if finish else None
        if not finish or not effects or conflicts(environment.local, effects):
            return None
        return finish.body, effects

    @staticmethod
    def action(
        output: tuple[Finish, Effects],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        finish, effects = output
        committed = Committed(effects.digest, frozenset(effects.written))
        return Effect(
            environment.with_local(finished(environment.local, effects)),
            (
                Send(finish.requester, Executed(effects)),
                Send(configuration.manager, committed),
            ),
        )


class RefuseConflict(Rule[AuthorityConfiguration, AuthorityState, Finish]):
    """An execution that would make a version that is there already comes to nothing."""

    id = RuleId("authority.refuse-conflict")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState, errors"),)
    decides = (
        "Two certificates for the same version of an object are never both certified. If they "
        "were, the second one would change what others have read."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Finish | None:
        finish = arrived(trigger, Finish)
        effects = due(environment.local, finish.body) if finish else None
        return finish.body if finish and effects and conflicts(environment.local, effects) else None

    @staticmethod
    def action(
        output: Finish,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        digest, requester = output.digest, output.requester
        failure = ExecutionFailed(digest, ExecutionError.VERSION_CONFLICT)
        return Effect(
            environment.with_local(unlocked(environment.local, digest)),
            (
                Send(requester, failure),
                Send(configuration.manager, Failed(digest, requester)),
            ),
        )


class AbandonExecution(Rule[AuthorityConfiguration, AuthorityState, Message[Abandon]]):
    """What a crashed task has asked for is dropped, unless it has finished.

    Nothing is written, and the locks are released. The manager hears of it unless the transaction
    is executed, or somebody else has it executed. What the task has asked for and has not arrived
    will be ignored.
    """

    id = RuleId("authority.abandon-execution")
    version = 1
    sources = (
        Source(Text.S2, "Each certificate executes in an isolated task"),
        Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState"),
    )
    decides = (
        "Locks that outlived the execution would hold up its digest and every reconfiguration for "
        "ever: the model `soma-crash-epoch` shows it."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Message[Abandon] | None:
        abandon = arrived(trigger, Abandon)
        return abandon if abandon and abandon.sender not in environment.local.abandoned else None

    @staticmethod
    def action(
        output: Message[Abandon],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        digest, task = output.body.digest, output.sender
        after = abandoned(environment.local, task, digest)
        lives = digest in after.executed or digest in after.executing
        failed = Send(configuration.manager, Failed(digest, task))
        return Effect(environment.with_local(after), () if lives else (failed,))


class IgnoreAbandoned(Rule[AuthorityConfiguration, AuthorityState, Request]):
    """A request of a task that has crashed is ignored."""

    id = RuleId("authority.ignore-abandoned")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, task"),)
    decides = (
        "The word of the crash may overtake the request. Then the manager has heard that the "
        "attempt has failed, and nobody is left who could abandon an execution that begins."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Request | None:
        asked = arrived(trigger, TryExecute)
        return asked if asked and asked.sender in environment.local.abandoned else None

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        return Effect(environment)


class IgnoreRepeat(Rule[AuthorityConfiguration, AuthorityState, Message[object]]):
    """What has no object any more is consumed without effect.

    So it is with a reconfiguration to an epoch that has begun or is going to, with the finish of an
    execution that is under way no longer, and with the word of a crash that is known.
    """

    id = RuleId("authority.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, reconfiguration"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: AuthorityConfiguration, environment: AuthorityEnv
    ) -> Message[object] | None:
        state = environment.local
        asked, finish = arrived(trigger, Reconfigure), arrived(trigger, Finish)
        abandon = arrived(trigger, Abandon)
        past = asked and asked.body.epoch <= (state.reconfiguring or state.epoch)
        gone = finish and due(state, finish.body) is None
        known = abandon and abandon.sender in state.abandoned
        return arrived(trigger, object) if past or gone or known else None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: AuthorityEnv,
    ) -> Effect[AuthorityState]:
        return Effect(environment)


def request(trigger: Trigger, state: AuthorityState) -> Request | None:
    """The request that arrived, unless it is of a task that has crashed."""
    asked = arrived(trigger, TryExecute)
    return asked if asked and asked.sender not in state.abandoned else None


AUTHORITY = EngineFamily(
    FamilyName("authority"),
    (
        AnswerEpoch,
        AnswerExecuted,
        RefuseExecution,
        BeginExecution,
        FinishExecution,
        RefuseConflict,
        AbandonExecution,
        IgnoreAbandoned,
        AwaitReconfiguration,
        IgnoreRepeat,
        ChangeEpoch,
    ),
    phases(
        frozenset(
            {
                AnswerEpoch.id,
                AnswerExecuted.id,
                RefuseExecution.id,
                BeginExecution.id,
                FinishExecution.id,
                RefuseConflict.id,
                AbandonExecution.id,
                IgnoreAbandoned.id,
                AwaitReconfiguration.id,
                IgnoreRepeat.id,
            }
        ),
        frozenset({ChangeEpoch.id}),
    ),
)
"""Keepers of AuthorityState."""
