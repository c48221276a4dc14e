"""Slips of clients."""

from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import (
    idle,
    never,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import anything, slip
from models.twins.twin import Defect, Twin, wrong
from spec.anoma.client import behaviour as client
from spec.anoma.client.configuration import ClientConfiguration
from spec.anoma.client.environment import ClientEnv, ClientState
from spec.anoma.executor.messages import ExecutorFinished
from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Send, Trigger

CLIENT, WORKER, POOL, POOLED = "client", "worker", "pool", "pooled-worker"


def _all_at_once(
    output: client.Answer,
    _trigger: Trigger,
    configuration: ClientConfiguration,
    environment: ClientEnv,
) -> Effect[ClientState]:
    """On the first answer, all requests that are left are sent."""
    state = environment.local
    answers = state.answers.set(output.number, output.result)
    requests = (Send(configuration.worker, request) for request in state.unsent)
    return Effect(
        environment.with_local(evolve(state, answers=answers, unsent=())), tuple(requests)
    )


def _any_answer(
    trigger: Trigger, _configuration: Any, _environment: ClientEnv
) -> client.Answer | None:
    """Every answer is a new one."""
    return client.answer_in(trigger)


def _own_successes_only(
    trigger: Trigger, configuration: Any, environment: Environment[Any]
) -> ExecutorFinished | None:
    """Summaries of transactions that failed are not kept."""
    finished = client.KeepSummary.guard(trigger, configuration, environment)
    return finished if finished and finished.summary.failure is None else None


CLIENT_SLIPS: tuple[Twin, ...] = (
    slip(
        "client-does-not-go-on",
        Defect.START,
        "The next request is taken from the list and not sent.",
        wrong(CLIENT, silent(client.TakeAnswer)),
        stages.TWO_INCREMENTS,
        laws.ONE_BY_ONE,
        2,
    ),
    slip(
        "client-sends-all-at-once",
        Defect.START,
        "The first answer has all requests sent that are left.",
        wrong(CLIENT, with_action(client.TakeAnswer, _all_at_once)),
        stages.THREE_EMPTY,
        laws.ONE_BY_ONE,
        2,
    ),
    slip(
        "client-goes-on-at-every-answer",
        Defect.DUPLICATES,
        "Every answer counts as a new one, so that two rules apply to a repeat and resolution fails.",
        wrong(CLIENT, with_guard(client.TakeAnswer, _any_answer)),
        stages.REPEATED_INCREMENT,
        laws.NOT_REFUSED,
        4,
    ),
    slip(
        "client-keeps-no-answer",
        Defect.END,
        "The answer is taken and forgotten.",
        wrong(CLIENT, idle(client.TakeAnswer)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        10,
    ),
    slip(
        "client-takes-no-summary",
        Defect.END,
        "Summaries are left in the mailbox.",
        wrong(CLIENT, never(client.KeepSummary)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        9,
    ),
    slip(
        "client-takes-no-bad-news",
        Defect.FAILURE,
        "Summaries of transactions that failed are left in the mailbox.",
        wrong(CLIENT, with_guard(client.KeepSummary, _own_successes_only)),
        stages.STRAY_READ,
        laws.FINISHED,
        8,
    ),
    slip(
        "client-leaves-repeats",
        Defect.DUPLICATES,
        "What it has had before is left in the mailbox.",
        wrong(CLIENT, never(client.IgnoreRepeat)),
        stages.REPEATED_INCREMENT,
        laws.PENDING,
        11,
    ),
    slip(
        "client-ignores-everything",
        Defect.DUPLICATES,
        "Every message counts as a repeat, so that two rules apply and resolution fails.",
        wrong(CLIENT, with_guard(client.IgnoreRepeat, anything)),
        stages.ONE_INCREMENT,
        laws.NOT_REFUSED,
        2,
    ),
)
"""The slips of clients."""
