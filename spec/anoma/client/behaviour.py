"""The rules of the client."""

from attrs import evolve, frozen

from spec.anoma.client.configuration import ClientConfiguration
from spec.anoma.client.environment import ClientEnv, ClientState
from spec.anoma.executor.messages import ExecutorFinished
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault
from spec.anoma.worker.messages import RequestNumber, TransactionAck, TransactionRefused
from spec.formalism.environment import Effect
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId, Source, Text


@frozen
class Answer:
    """What a request led to."""

    number: RequestNumber
    """The client's number of the request."""
    result: TxFingerprint | LabelFault
    """Its place in the order, or why it has none."""


class TakeAnswer(Rule[ClientConfiguration, ClientState, Answer]):
    """The first answer to each request is kept, and the next request, if there is one, is sent."""

    id = RuleId("client.take-answer")
    version = 1
    sources = (
        Source(Text.NSPEC, "mempool_worker_behaviour: TransactionAck to requester"),
        Source(Text.TREADLE, "SEMANTICS: Anoma, client"),
    )
    decides = (
        "The sources have no client. One that sends each request after the answer to the one "
        "before fixes the order; one per transaction, all sent at the start, leaves it to the "
        "network."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ClientConfiguration, environment: ClientEnv
    ) -> Answer | None:
        answer = answer_in(trigger)
        return answer if answer and answer.number not in environment.local.answers else None

    @staticmethod
    def action(
        output: Answer, trigger: Trigger, configuration: ClientConfiguration, environment: ClientEnv
    ) -> Effect[ClientState]:
        state = environment.local
        answers = state.answers.set(output.number, output.result)
        following = evolve(state, answers=answers, unsent=state.unsent[1:])
        return Effect(
            environment.with_local(following),
            tuple(Send(configuration.worker, request) for request in state.unsent[:1]),
        )


class KeepSummary(Rule[ClientConfiguration, ClientState, ExecutorFinished]):
    """The first summary of each transaction is kept."""

    id = RuleId("client.keep-summary")
    version = 1
    sources = (Source(Text.S0, "to both the Worker that spawned it and the transaction's issuer"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ClientConfiguration, environment: ClientEnv
    ) -> ExecutorFinished | None:
        finished = arrived(trigger, ExecutorFinished)
        if finished and finished.body.fingerprint not in environment.local.summaries:
            return finished.body
        return None

    @staticmethod
    def action(
        output: ExecutorFinished,
        trigger: Trigger,
        configuration: ClientConfiguration,
        environment: ClientEnv,
    ) -> Effect[ClientState]:
        state = environment.local
        summaries = state.summaries.set(output.fingerprint, output.summary)
        return Effect(environment.with_local(evolve(state, summaries=summaries)))


class IgnoreRepeat(Rule[ClientConfiguration, ClientState, Message[object]]):
    """An answer or summary that the client has had before is consumed, and causes nothing."""

    id = RuleId("client.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, duplicates"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ClientConfiguration, environment: ClientEnv
    ) -> Message[object] | None:
        answer = answer_in(trigger)
        finished = arrived(trigger, ExecutorFinished)
        had_answer = answer and answer.number in environment.local.answers
        had_summary = finished and finished.body.fingerprint in environment.local.summaries
        return arrived(trigger, object) if had_answer or had_summary else None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ClientConfiguration,
        environment: ClientEnv,
    ) -> Effect[ClientState]:
        return Effect(environment)


def answer_in(trigger: Trigger) -> Answer | None:
    """The answer to a request, if that is what arrived."""
    ack = arrived(trigger, TransactionAck)
    if ack:
        return Answer(ack.body.number, ack.body.fingerprint)
    refused = arrived(trigger, TransactionRefused)
    return Answer(refused.body.number, refused.body.reason) if refused else None


CLIENT = EngineFamily(FamilyName("client"), (TakeAnswer, KeepSummary, IgnoreRepeat), one_at_a_time)
"""Clients."""
