"""Views: one engine, one key, one transaction, what is different."""

import pytest

from models.errors import InputError
from models.stepper.difference import difference
from models.stepper.opening import open_session
from models.stepper.session import Session
from models.stepper.views import engine_lines, key_lines, transaction_lines


def test_an_engine_is_shown_with_its_mailbox_and_what_it_waits_for(resting: Session) -> None:
    found = list(engine_lines(resting.point("12"), "shard.1"))
    assert found == [
        "shard.1 (shard): ShardState",
        "configuration: ShardConfiguration([worker])",
        "timelines[counter][0]: Entry(write=WriteMarker(will, written, datum=0))",
        "timelines[counter][1].read: ReadMarker(eager, served, executor.1)",
        "timelines[counter][1].write: WriteMarker(will, written, datum=1)",
        "timelines[counter][2].read: ReadMarker(eager, pending, executor.2)",
        "timelines[counter][2].write: WriteMarker(will, pending)",
        "heard[worker]: 1",
        "waits for executor.2 to read counter at 2: the mark to reach 2; it is 1",
    ]
    told = list(engine_lines(resting.point("5"), "worker"))
    assert told[-5:] == [
        "in the mailbox: KVSLockAcquired(1) from shard.1",
        "waits for the locks of transaction 1 at shard.1",
        "waits for the locks of transaction 2 at shard.1",
        "waits for the summary of transaction 1",
        "waits for the summary of transaction 2",
    ]


def test_a_key_is_shown_with_the_steps_that_changed_it(resting: Session) -> None:
    found = list(key_lines(resting.here, "counter"))
    assert found[:5] == [
        "shard.1: timelines[counter][0]: Entry(write=WriteMarker(will, written, datum=0))",
        "shard.1: timelines[counter][1].read: ReadMarker(eager, served, executor.1)",
        "shard.1: timelines[counter][1].write: WriteMarker(will, written, datum=1)",
        "shard.1: timelines[counter][2].read: ReadMarker(eager, served, executor.2)",
        "shard.1: timelines[counter][2].write: WriteMarker(will, written, datum=2)",
    ]
    assert found[-3:] == [
        " 20 shard.1 takes KVSWrite(2, counter, 2) from executor.2",
        "    - shard.1: timelines[counter][2].write: WriteMarker(will, pending)",
        "    + shard.1: timelines[counter][2].write: WriteMarker(will, written, datum=2)",
    ]
    steps = [int(line[:3]) for line in found[5:] if not line.startswith("    ")]
    assert steps == [4, 7, 8, 11, 16, 20]


def test_an_object_is_shown_in_all_its_versions() -> None:
    session = open_session("soma-chain")
    session.random(1000)
    found = list(key_lines(session.here, "x"))
    versions = range(1, 5)
    assert found[:8] == [
        *(f"authority: objects[ObjectKey(x, {each})]: {9 + each}" for each in versions),
        *(f"manager: available: ObjectKey(x, {each})" for each in versions),
    ]
    assert found[8:10] == [
        "  9 authority takes Finish(a, task.1) from authority",
        "    + authority: objects[ObjectKey(x, 2)]: 11",
    ]


def test_a_transaction_is_shown_by_its_name_timestamp_or_digest(resting: Session) -> None:
    found = list(transaction_lines(resting.here, "add-1"))
    at = found[0].rpartition(" ")[2]
    assert found[0] == f"transaction add-1, request 1 of client.add-1, timestamp {at}"
    assert list(transaction_lines(resting.here, at))[1:] == found[1:]
    said = "\n".join(found)
    assert f"to worker: KVSLockAcquired({at})" in said
    assert f"KVSLockAcquired({3 - int(at)})" not in said
    soma = open_session("soma-chain")
    assert [each[:9] for each in transaction_lines(soma.here, "a")] == ["transacti", "in flight"]


def test_a_transaction_is_found_before_it_has_a_timestamp(counter: Session) -> None:
    title, *rest = transaction_lines(counter.here, "add-2")
    assert title == "transaction add-2, request 1 of client.add-2"
    assert [each.partition(":")[0] for each in rest] == ["in flight"]


def test_what_is_different_between_two_points_can_be_told_both_ways(resting: Session) -> None:
    discipline = resting.world.system.discipline
    ends = [resting.point(each).state for each in ("4", "6")]
    found = list(difference(discipline, *ends))
    assert found[:5] == [
        "+ executor.2 (executor)",
        "worker: last: 1 -> 2",
        "worker: requests[RequestId(client.add-1, 1)]: + 2",
        "worker: outstanding[1]: - {shard.1}",
        "worker: outstanding[2]: + {shard.1}",
    ]
    assert "- in flight: shard.1 -> worker: KVSLockAcquired(1)" in found
    assert "+ in flight: worker -> shard.1: UpdateSeenAll(1)" in found
    back = list(difference(discipline, *reversed(ends)))
    flights = {each[0] + each[11:] for each in found if "in flight" in each}
    assert flights == {
        {"+": "-", "-": "+"}[each[0]] + each[11:] for each in back if "flight" in each
    }
    assert list(difference(discipline, ends[0], ends[0])) == []


@pytest.mark.parametrize(
    ("view", "name", "said"),
    [
        (engine_lines, "shard1", "no engine 'shard1' here; did you mean shard.1?"),
        (engine_lines, "executor.1", "no engine 'executor.1' here; there is client.add-1, "),
        (key_lines, "count", "no engine keeps anything under 'count'; did you mean counter?"),
        (transaction_lines, "add", "nothing is about a transaction 'add'; did you mean add-"),
        (transaction_lines, "1", "nothing is about a transaction '1'; there is add-1, add-2"),
    ],
)
def test_what_is_not_there_is_refused(counter: Session, view: object, name: str, said: str) -> None:
    assert callable(view)
    with pytest.raises(InputError) as refused:
        list(view(counter.here, name))
    assert str(refused.value).startswith(said)
