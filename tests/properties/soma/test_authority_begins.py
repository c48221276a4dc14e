"""Which executions may begin: once at a time, for somebody, with all inputs, in one epoch."""

from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Reacted
from properties.soma.authority import (
    BEGINS_FOR_SOMEBODY,
    BEGINS_WITH_INPUTS,
    ONE_AT_A_TIME,
    ONE_EPOCH,
    RECONFIGURATION_IS_NEXT,
    newly,
    states,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import Finish, TryExecute
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.object import ObjectId, ObjectKey, Version

X1, Y1, Z1 = (ObjectKey(ObjectId(each), Version(1)) for each in "xyz")
A, B = TransactionDigest("a"), TransactionDigest("b")
TASK, OTHER, KEEPER = (on_local_node(each) for each in ("task.1", "task.2", "authority"))
MANAGER = on_local_node("manager")
LATER = EpochId(FIRST_EPOCH + 1)

CERTIFICATE = Certificate(A, FIRST_EPOCH, frozenset({X1, Y1}), frozenset({X1.object}), Program(()))
INPUTS = pmap({X1: KVSDatum(5), Y1: KVSDatum(6)})
BEGUN = Execution(CERTIFICATE, TASK, INPUTS)
BEGUN_TOO = Execution(evolve(CERTIFICATE, digest=B), OTHER, INPUTS)
IDLE = AuthorityState(FIRST_EPOCH, INPUTS.set(Z1, KVSDatum(7)))


def holding(local: object) -> Engine:
    environment = Environment(local)
    return Engine(identity_of(KEEPER), AUTHORITY.name, AuthorityConfiguration(MANAGER), environment)


def taking(body: object) -> Record:
    message = Message(TASK, KEEPER, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message)


def executing(before: AuthorityState, *executions: Execution) -> AuthorityState:
    """The state with these executions as well."""
    more = {each.certificate.digest: each for each in executions}
    return evolve(before, executing=pmap(dict(before.executing) | more))


def asked(before: object, after: object, epoch: EpochId = FIRST_EPOCH) -> Reacted:
    """A step on a request of a task that has loaded this epoch."""
    record = taking(TryExecute(CERTIFICATE, None, epoch))
    return Reacted(holding(before), record, holding(after))


def begins(execution: Execution, before: AuthorityState = IDLE) -> Reacted:
    """A step on a request in which this execution begins."""
    return asked(before, executing(before, execution))


def test_only_who_is_authority_state_before_and_after_a_step_has_states_in_it() -> None:
    assert states(asked(IDLE, IDLE)) == (IDLE, IDLE)
    assert states(asked(IDLE, FINISHED)) is None
    assert states(asked(FINISHED, IDLE)) is None
    assert newly(asked(FINISHED, FINISHED)) == ()


def test_what_begins_is_what_is_executing_and_was_not_in_the_order_of_digests() -> None:
    both, one = executing(IDLE, BEGUN_TOO, BEGUN), executing(IDLE, BEGUN)
    assert newly(asked(IDLE, both)) == (BEGUN, BEGUN_TOO)
    assert newly(asked(one, both)) == (BEGUN_TOO,)
    assert newly(asked(both, one)) == ()
    again = evolve(BEGUN, requester=OTHER)
    assert newly(asked(one, executing(one, again))) == (again,)


def test_what_is_executing_does_not_begin_again() -> None:
    one, again = executing(IDLE, BEGUN), evolve(BEGUN, requester=OTHER)
    assert ONE_AT_A_TIME.judge(begins(BEGUN)) is None
    assert ONE_AT_A_TIME.judge(begins(BEGUN_TOO, one)) is None
    assert ONE_AT_A_TIME.judge(begins(again, one)) == Evidence("a is executing, and begins again")


def test_nothing_begins_for_a_task_that_is_known_to_have_crashed() -> None:
    crashed = evolve(IDLE, abandoned=pset([TASK]))
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN)) is None
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN_TOO, crashed)) is None
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN, crashed)) == Evidence(
        "a begins for task.1, which has crashed"
    )


def test_an_execution_begins_with_exactly_its_inputs_as_they_are() -> None:
    def reading(**values: int) -> Execution:
        keys = {"x": X1, "y": Y1, "z": Z1}
        return evolve(BEGUN, inputs=pmap({keys[k]: KVSDatum(v) for k, v in values.items()}))

    judge = BEGINS_WITH_INPUTS.judge
    assert judge(begins(BEGUN)) is None
    assert judge(begins(reading(x=5))) == Evidence("a begins, and does not read y v1 as it is")
    assert judge(begins(reading(x=0, y=6))) == Evidence("a begins, and does not read x v1 as it is")
    assert judge(begins(reading(x=5, y=6, z=7))) == Evidence(
        "a begins, and reads z v1, which is no input"
    )


def test_an_execution_does_not_begin_without_an_input_whatever_it_reads_instead() -> None:
    bare = evolve(IDLE, objects=INPUTS.remove(Y1))
    missing = Evidence("a begins, and does not read y v1 as it is")
    assert BEGINS_WITH_INPUTS.judge(begins(BEGUN, bare)) == missing
    unread = evolve(BEGUN, inputs=INPUTS.remove(Y1))
    assert BEGINS_WITH_INPUTS.judge(begins(unread, bare)) == missing


def test_an_execution_begins_in_the_epoch_that_is_its_own_current_and_loaded() -> None:
    judge, late = ONE_EPOCH.judge, evolve(BEGUN, certificate=evolve(CERTIFICATE, epoch=LATER))
    after = executing(IDLE, BEGUN)
    assert judge(asked(IDLE, after)) is None
    assert judge(asked(IDLE, IDLE, epoch=LATER)) is None
    assert judge(asked(IDLE, after, epoch=LATER)) == Evidence(
        "a of epoch 0 begins in epoch 0, and the epoch loaded is 1"
    )
    assert judge(asked(IDLE, executing(IDLE, late), epoch=LATER)) == Evidence(
        "a of epoch 1 begins in epoch 0, and the epoch loaded is 1"
    )
    moved = evolve(IDLE, epoch=LATER)
    assert judge(asked(moved, executing(moved, BEGUN))) == Evidence(
        "a of epoch 0 begins in epoch 1, and the epoch loaded is 0"
    )


def test_an_execution_that_nobody_has_asked_for_has_no_epoch_that_was_loaded() -> None:
    record = taking(Finish(B, TASK))
    unasked = Reacted(holding(IDLE), record, holding(executing(IDLE, BEGUN)))
    assert ONE_EPOCH.judge(unasked) == Evidence(
        "a of epoch 0 begins in epoch 0, and the epoch loaded is None"
    )
    assert ONE_EPOCH.judge(Reacted(holding(IDLE), record, holding(IDLE))) is None


def test_no_execution_begins_while_a_reconfiguration_waits() -> None:
    judge, waiting = RECONFIGURATION_IS_NEXT.judge, evolve(IDLE, reconfiguring=LATER)
    assert judge(begins(BEGUN)) is None
    assert judge(asked(waiting, waiting)) is None
    assert judge(begins(BEGUN, waiting)) == Evidence("a begins while epoch 1 waits to begin")
