"""Events in a few words."""

from models.machines.wording import body_words, step_line, words_of
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import LabelFault
from spec.anoma.shard.messages import KVSRead
from spec.anoma.worker.messages import RequestNumber, TransactionRefused
from spec.formalism.engine import Refusal
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle
from spec.formalism.rule import RuleId

READ = Message(
    on_local_node("shard.1"),
    on_local_node("executor.2"),
    DEFAULT_MAILBOX,
    KVSRead(TxFingerprint(2), KVSKey("a"), Observation(KVSDatum(7), GENESIS)),
)
READ_WORDS = "shard.1 -> executor.2: KVSRead(fingerprint=2, key='a', observation=7/0)"


def test_a_delivery_says_from_whom_to_whom_and_what() -> None:
    assert words_of(Deliver(READ)) == READ_WORDS


def test_faults_are_named() -> None:
    assert words_of(Duplicate(READ)) == f"duplicated: {READ_WORDS}"
    assert words_of(Lose(READ)) == f"lost: {READ_WORDS}"


def test_a_timer_says_whose_it_is_and_when_it_elapses() -> None:
    timer = Timer(Time(3), TimerHandle("close"))
    assert words_of(Elapse(on_local_node("election"), timer)) == (
        "election: timer close elapses at 3"
    )


def test_a_reason_is_named_and_a_value_that_takes_more_words_is_left_out() -> None:
    refused = TransactionRefused(RequestNumber(1), LabelFault.READS_OVERLAP)
    assert body_words(refused) == "TransactionRefused(number=1, reason=READS_OVERLAP)"
    assert body_words(Timer(Time(1), TimerHandle("t"))) == "Timer(due=1, handle='t')"
    assert body_words(Message(READ.sender, READ.target, DEFAULT_MAILBOX, (1, 2))) == (
        "Message(sender=shard.1, target=executor.2, mailbox=0)"
    )


def test_a_step_names_the_rules_that_took_effect() -> None:
    fired = (RuleId("executor.take-read"), RuleId("executor.finish-transaction"))
    assert step_line(12, Record(Deliver(READ), fired)) == (
        f" 12 {READ_WORDS}  [executor.take-read, executor.finish-transaction]"
    )


def test_a_refused_step_says_why() -> None:
    record = Record(Deliver(READ), refusal=Refusal((), "conflict resolution failed"))
    assert step_line(1, record) == f"  1 {READ_WORDS} refused: conflict resolution failed"
