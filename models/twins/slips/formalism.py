"""Slips of the formalism: how engines react, how solvers answer, how messages travel."""

from itertools import count
from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import amended
from models.twins.slips.common import slip
from models.twins.systems import (
    Ageing,
    Clinging,
    Echoing,
    Forgetting,
    Forging,
    Haunted,
    Losing,
    Newest,
    Overwriting,
    Renaming,
    Replacing,
    Stale,
    Sticking,
    delivering,
    of_kind,
    solving,
)
from models.twins.twin import Defect, Needs, Twin, Wrong, wrong
from spec.formalism.clauses import (
    Absorb,
    Clocks,
    Conserved,
    Identities,
    Pure,
    React,
    Solver,
)
from spec.formalism.delivery import Fifo, SetDelivery, Unordered
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import phases
from spec.formalism.message import DEFAULT_MAILBOX, MailboxId
from spec.formalism.rule import RuleId
from spec.voting.behaviour import (
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    HoldRunOff,
    InviteVoters,
    RefuseVote,
    StoreVote,
)

Labels = frozenset[RuleId]
"""The ids of rules that apply together."""

CALLS = count()
"""How often something was done in this process: nothing that an engine may know."""


def _overlapping(fired: Labels) -> tuple[Labels, ...]:
    """All rules together, and then the last of them again."""
    return (fired, frozenset({max(fired)})) if len(fired) > 1 else (fired,)


_announcing_first = phases(
    frozenset({StoreVote.id, CountTurnout.id, RefuseVote.id}),
    frozenset({AnnounceResult.id}),
    frozenset({ComputeResult.id}),
    frozenset({HoldRunOff.id}),
    frozenset({InviteVoters.id}),
)

_all_at_once = phases(
    frozenset({StoreVote.id, CountTurnout.id, RefuseVote.id}),
    frozenset({ComputeResult.id, AnnounceResult.id, HoldRunOff.id}),
    frozenset({InviteVoters.id}),
)


def _stamped(effect: Effect[Any], _environment: Environment[Any]) -> Effect[Any]:
    """What the engine knows afterwards depends on how often this was asked."""
    stamped = effect.environment.with_mailbox_state(MailboxId(DEFAULT_MAILBOX + 1), next(CALLS))
    return evolve(effect, environment=stamped)


FORMALISM_SLIPS: tuple[Twin, ...] = (
    slip(
        "identity-renewed-at-every-step",
        Defect.NAMING,
        "Engines hold another secret after each step.",
        Wrong(Identities.id, of_kind(Renaming)),
        stages.ONE_INCREMENT,
        laws.IDENTITIES,
        1,
    ),
    slip(
        "engine-from-nowhere",
        Defect.NAMING,
        "With a step an engine appears that no action has asked for.",
        Wrong(Identities.id, of_kind(Haunted)),
        stages.ONE_INCREMENT,
        laws.SPAWN_NEW,
        1,
    ),
    slip(
        "sender-is-the-target",
        Defect.NAMING,
        "Messages carry the name of whom they are for.",
        Wrong(Identities.id, of_kind(Forging)),
        stages.ONE_INCREMENT,
        laws.SENDER,
        1,
    ),
    slip(
        "actions-on-the-environment-at-the-trigger",
        Defect.FORMALISM,
        "Later actions of a step overwrite what earlier ones did.",
        Wrong(React.id, of_kind(Stale)),
        stages.TWO_VOTERS,
        laws.TURNOUT,
        1,
    ),
    slip(
        "solver-repeats-a-rule",
        Defect.FORMALISM,
        "A solver answers with sets that overlap.",
        Wrong(Solver.id, solving("election", _overlapping)),
        stages.TWO_VOTERS,
        laws.SOLVERS,
        1,
    ),
    slip(
        "solver-announces-before-it-computes",
        Defect.FORMALISM,
        "The solver runs the announcement of a result before its computation.",
        Wrong(Solver.id, solving("election", _announcing_first)),
        stages.TWO_VOTERS,
        laws.NOT_REFUSED,
        1,
    ),
    slip(
        "solver-puts-dependent-rules-together",
        Defect.FORMALISM,
        "The solver runs the computation of a result and its announcement in one set.",
        Wrong(Solver.id, solving("election", _all_at_once)),
        stages.TWO_VOTERS,
        laws.COMMUTE,
        1,
    ),
    slip(
        "action-counts-its-calls",
        Defect.FORMALISM,
        "What an action answers depends on how often it was asked in this process.",
        Wrong(Pure.id, wrong("election", amended(StoreVote, _stamped)).change),
        stages.ONE_VOTER,
        laws.PURE,
        1,
    ),
    slip(
        "finished-engine-takes-nothing",
        Defect.END,
        "A finished engine leaves what arrives in its mailbox.",
        Wrong(Absorb.id, of_kind(Clinging)),
        stages.GLANCES,
        laws.PENDING,
        10,
    ),
    slip(
        "finished-engine-answers",
        Defect.END,
        "A finished engine sends back what it takes.",
        Wrong(Absorb.id, of_kind(Echoing)),
        stages.GLANCES,
        laws.SILENT,
        7,
    ),
    slip(
        "clock-runs-with-messages",
        Defect.FORMALISM,
        "An engine's clock moves with every message.",
        Wrong(Clocks.id, of_kind(Ageing)),
        stages.ONE_VOTER,
        laws.CLOCKS,
        1,
    ),
    slip(
        "last-message-of-a-step-lost",
        Defect.FORMALISM,
        "The last message that a step sends never gets into its mailbox.",
        Wrong(Conserved.id, of_kind(Losing)),
        stages.ONE_INCREMENT,
        laws.CONSERVED,
        1,
    ),
    slip(
        "message-replaces-those-that-wait",
        Defect.FORMALISM,
        "A message that arrives takes the place of all that wait in its mailbox.",
        Wrong(Unordered.id, delivering(Replacing)),
        stages.TWO_INCREMENTS,
        laws.FINISHED,
        6,
        needs=Needs.OWN,
    ),
    slip(
        "message-stays-when-taken",
        Defect.FORMALISM,
        "A message that is taken is there still.",
        Wrong(Unordered.id, delivering(Sticking)),
        stages.ONE_INCREMENT,
        laws.CONSERVED,
        1,
        needs=Needs.OWN,
    ),
    slip(
        "newest-message-first",
        Defect.INPUTS,
        "From each sender, the newest message is next.",
        Wrong(Fifo.id, delivering(Newest)),
        stages.QUEUE_AT_A_POOL,
        laws.FINISHED,
        11,
        needs=Needs.OWN,
        discipline=Fifo,
    ),
    slip(
        "newest-message-only",
        Defect.INPUTS,
        "From each sender, only the newest message is kept.",
        Wrong(Fifo.id, delivering(Overwriting)),
        stages.TWO_INCREMENTS,
        laws.FINISHED,
        8,
        needs=Needs.OWN,
        discipline=Fifo,
    ),
    slip(
        "newest-of-a-set-only",
        Defect.INPUTS,
        "Of the messages that should stay, only the newest does.",
        Wrong(SetDelivery.id, delivering(Forgetting)),
        stages.COMMITMENT,
        laws.CONSERVED,
        2,
        needs=Needs.OWN,
        discipline=SetDelivery,
    ),
)
"""The slips, in the order of the register."""
