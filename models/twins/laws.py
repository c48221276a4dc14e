"""The names of the properties that twins are judged on."""

from pyrsistent import pmap

from properties.anoma.answers import REQUESTS_ARE_ANSWERED_ONCE, TOLD_MARKS_GROW
from properties.anoma.collection import COLLECTION_IS_INVISIBLE
from properties.anoma.execution import (
    HISTORY_IS_SERIALIZABLE,
    equals_timestamp_order,
    reads_see_latest_write,
)
from properties.anoma.executors import ASKS_FOR_DECLARED, STAYS_IN_LABEL
from properties.anoma.ordering import FINGERPRINTS_ARE_DENSE, MARKS_ARE_SOUND, MARKS_NEVER_FALL
from properties.anoma.rest import EVERYTHING_FINISHED, NOTHING_PENDING, sequential_store
from properties.anoma.sends import NOTHING_TWICE
from properties.anoma.shards import (
    LOCKS_ARE_ACKNOWLEDGED_ONCE,
    READS_ARE_ANSWERED_ONCE,
    VALUES_NEVER_CHANGE,
)
from properties.anoma.summaries import (
    FAILED_WRITES_NOTHING,
    SUMMARY_IS_TRUE,
    SUMMARY_REACHES_BOTH,
)
from properties.anoma.witnesses import (
    A_LAZY_READ_IS_SERVED,
    A_MAY_WRITE_IS_RELEASED,
    A_READ_WAITS,
    A_READ_WAITS_FOR_A_WRITE,
    A_TRANSACTION_FAILS,
    SOMETHING_OVERTAKES_ITS_LOCK,
)
from properties.anoma.witnesses import TWO_AT_ONCE as TWO_RUN_AT_ONCE
from properties.waves import DEPENDENTS_FINISH_LATER

TIMESTAMP_ORDER = equals_timestamp_order(pmap()).name
SERIALIZABLE = HISTORY_IS_SERIALIZABLE.name
LATEST_WRITE = reads_see_latest_write(pmap()).name
SUMMARY_TRUE = SUMMARY_IS_TRUE.name
SUMMARY_TOLD = SUMMARY_REACHES_BOTH.name
IN_LABEL = STAYS_IN_LABEL.name
DECLARED = ASKS_FOR_DECLARED.name
TWICE = NOTHING_TWICE.name
MARKS_FALL = MARKS_NEVER_FALL.name
MARKS_SOUND = MARKS_ARE_SOUND.name
MARKS_GROW = TOLD_MARKS_GROW.name
DENSE = FINGERPRINTS_ARE_DENSE.name
ANSWERED = REQUESTS_ARE_ANSWERED_ONCE.name
FAILED_WRITES = FAILED_WRITES_NOTHING.name
INVISIBLE = COLLECTION_IS_INVISIBLE.name
VALUES_STAY = VALUES_NEVER_CHANGE.name
READ_ONCE = READS_ARE_ANSWERED_ONCE.name
LOCK_ONCE = LOCKS_ARE_ACKNOWLEDGED_ONCE.name
LATER = DEPENDENTS_FINISH_LATER.name
FINISHED = EVERYTHING_FINISHED.name
PENDING = NOTHING_PENDING.name
STORE = sequential_store(pmap()).name
READ_WAITS = A_READ_WAITS.name
READ_WAITS_FOR_WRITE = A_READ_WAITS_FOR_A_WRITE.name
OVERTAKES = SOMETHING_OVERTAKES_ITS_LOCK.name
TWO_AT_ONCE = TWO_RUN_AT_ONCE.name
FAILS = A_TRANSACTION_FAILS.name
LAZY_SERVED = A_LAZY_READ_IS_SERVED.name
MAY_RELEASED = A_MAY_WRITE_IS_RELEASED.name
NOT_REFUSED = "no step is refused"
SILENT = "a finished engine is silent"
SPAWN_NEW = "spawned ids are new"
OUTCOME = "outcome independent of the schedule"

TURNOUT = "the turnout is the number of stored votes"
MOST_VOTES = "the result names the choices with most votes"
CLOSED = "an election that has its result does not change"
ANNOUNCED_ONCE = "each result is announced once to each observer"
REFUSED_ONCE = "a vote that does not count is refused once, to its sender"
VOTES_AGAIN = "an invited voter votes for its dearest choice"
INVITED_ONCE = "every voter is invited once to a run-off"
INVITATION = "an invitation names the run-off and who leads"
HAS_RESULT = "every election has a result"
RUN_OFF = "a tie leads to a run-off"
KNOWS_RUN_OFF = "an election knows its run-off"
NO_MESSAGE = "no message of an election waits for ever"
ONLY_VOTERS = "only voters' votes count"
ALL_HEAR = "every observer hears every result"
ASKED_FOR = "lazy reads are answered on request only"
ONE_BY_ONE = "a client sends its next request after each answer"
POOL_SIZE = "a pool has no more executors at work than its size"

CONSERVED = "messages are conserved"
IDENTITIES = "identities never change"
SENDER = "sent messages carry the id of their sender"
CLOCKS = "clocks never fall, and move only to the time of a timer that elapses"
PURE = "guards and actions are pure"
SOLVERS = "conflict solvers keep their laws"
COMMUTE = "actions of one batch commute"

LATE_VOTE = "a vote comes too late"
HOLDS_RUN_OFF = "a run-off is held"

TM_DECIDED = "the transaction manager has decided"
TOLD_TO_ABORT = "a resource manager that has prepared is told to abort"
CONSISTENT = "no resource manager aborts where another one commits"
ALL_PREPARED = "only what all have prepared is committed"
DECIDES_ONCE = "the transaction manager decides once"
TELLS_ALL = "a decision goes to each resource manager once"
KEEPS_TO_IT = "a resource manager keeps to its decision"
ALL_DECIDED = "every resource manager has decided"
COMMITS = "a resource manager commits"
GIVES_UP = "a resource manager aborts of its own accord"
