"""The register: every clause of the specification, once, in an order in which one would read."""

from spec.anoma.client import behaviour as client
from spec.anoma.executor import behaviour as executor
from spec.anoma.pool import behaviour as pool
from spec.anoma.sequential import Serializable
from spec.anoma.shard import behaviour as shard
from spec.anoma.worker import behaviour as worker
from spec.commit import behaviour as commit
from spec.commit import participants as committers
from spec.formalism import clauses
from spec.formalism.delivery import Fifo, SetDelivery, Unordered
from spec.formalism.rule import Clause, RuleId
from spec.soma import participants as soma_participants
from spec.soma.authority import behaviour as authority
from spec.soma.authority import epochs
from spec.soma.certificate import Versions
from spec.soma.channel import Channel
from spec.soma.driver import behaviour as driver
from spec.soma.manager import behaviour as manager
from spec.soma.sequential import Serializable as VersionOrder
from spec.soma.task import behaviour as task
from spec.voting import behaviour as voting
from spec.voting import participants

AnyClause = type[Clause]
"""A clause: it has no instances."""

FORMALISM: tuple[AnyClause, ...] = (
    clauses.Identities,
    clauses.React,
    clauses.Solver,
    clauses.Pure,
    clauses.Unhandled,
    clauses.Absorb,
    clauses.Clocks,
    clauses.Rest,
    clauses.Conserved,
    Unordered,
    Fifo,
    SetDelivery,
)
"""What holds for engines of every family, and how messages travel."""

VOTING: tuple[AnyClause, ...] = (
    voting.StoreVote,
    voting.RefuseVote,
    voting.CountTurnout,
    voting.ComputeResult,
    voting.AnnounceResult,
    voting.HoldRunOff,
    voting.InviteVoters,
    participants.VoteAgain,
    participants.NoteRefusal,
    participants.NoteResult,
)
"""The worked example: elections."""

COMMIT: tuple[AnyClause, ...] = (
    committers.Prepare,
    committers.ChooseToAbort,
    commit.RecordPrepared,
    commit.DecideCommit,
    commit.DecideAbort,
    committers.ObeyCommit,
    committers.ObeyAbort,
)
"""Two-phase commit."""

ANOMA: tuple[AnyClause, ...] = (
    Serializable,
    client.TakeAnswer,
    client.KeepSummary,
    client.IgnoreRepeat,
    worker.OrderTransaction,
    worker.OrderForPool,
    worker.RefuseTransaction,
    worker.RecordLock,
    worker.RaiseMark,
    worker.KeepSummary,
    worker.IgnoreRepeat,
    pool.AssignExecutor,
    pool.FreeExecutor,
    pool.IgnoreRepeat,
    shard.AcquireLock,
    shard.ResolveLazyRead,
    shard.ResolveWrite,
    shard.UpdateMark,
    shard.AnswerReads,
    shard.CollectGarbage,
    shard.IgnoreRepeat,
    executor.StartTransaction,
    executor.TakeRead,
    executor.RequestLazyReads,
    executor.FinishTransaction,
    executor.IgnoreRepeat,
)
"""Anoma's engines."""

SOMA: tuple[AnyClause, ...] = (
    VersionOrder,
    Versions,
    Channel,
    manager.EnqueueCertificate,
    manager.ParkCertificate,
    manager.RefuseCertificate,
    manager.RecordCommit,
    manager.RecordFailure,
    manager.ChangeEpoch,
    manager.CloseChannel,
    manager.SendReady,
    manager.IgnoreRepeat,
    driver.ReceiveCertificate,
    driver.TakeClose,
    driver.JoinTask,
    driver.JoinCrashedTask,
    driver.Stop,
    driver.IgnoreRepeat,
    task.LoadEpoch,
    task.RequestExecution,
    task.ReportResult,
    task.CrashTask,
    task.IgnoreRepeat,
    epochs.AnswerEpoch,
    authority.AnswerExecuted,
    authority.RefuseExecution,
    authority.BeginExecution,
    authority.FinishExecution,
    authority.RefuseConflict,
    authority.AbandonExecution,
    authority.IgnoreAbandoned,
    epochs.AwaitReconfiguration,
    epochs.ChangeEpoch,
    authority.IgnoreRepeat,
    soma_participants.NoteRefusal,
    soma_participants.NoteResult,
    soma_participants.BreakTask,
)
"""Soma's engines, and who stands around them."""

REGISTER: tuple[AnyClause, ...] = FORMALISM + VOTING + COMMIT + ANOMA + SOMA
"""Every clause of the specification."""


def clause_of(rule: RuleId) -> AnyClause | None:
    """The clause of this id; nothing where there is none."""
    return next((clause for clause in REGISTER if clause.id == rule), None)
