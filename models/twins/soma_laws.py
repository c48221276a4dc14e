"""The names of the properties that twins of Soma's engines are judged on."""

from pyrsistent import pmap

from properties.soma import (
    answers,
    authority,
    driver,
    execution,
    manager,
    rest,
    task,
    versions,
    witnesses,
)
from spec.soma.execution import ExecutionError
from spec.soma.manager.messages import Reason
from spec.soma.task.environment import Stage

VERSION_ORDER = execution.equals_version_order(pmap()).name
NO_CYCLE = execution.NO_CYCLE.name

AT_MOST_ONCE = authority.AT_MOST_ONCE.name
PAST_STAYS = authority.PAST_STAYS.name
CHAINS = versions.VERSIONS_FORM_CHAINS.name
WITH_INPUTS = authority.BEGINS_WITH_INPUTS.name
FOR_SOMEBODY = authority.BEGINS_FOR_SOMEBODY.name
ONE_AT_A_TIME = authority.ONE_AT_A_TIME.name
ONE_EPOCH = authority.ONE_EPOCH.name
RECONFIGURATION_NEXT = authority.RECONFIGURATION_IS_NEXT.name
CAUSES = answers.ERRORS_HAVE_CAUSES.name
LEAVES_NOTHING = authority.FAILURE_LEAVES_NOTHING.name
EVERYBODY_HEARS = answers.EVERYBODY_HEARS.name

SO_MANY_RUN = driver.AT_MOST_SO_MANY_RUN.name
CHANNEL_ORDER = driver.RECEIVED_IN_ORDER.name
HAS_A_TASK = driver.EACH_HAS_A_TASK.name
ADD_UP = driver.METRICS_ADD_UP.name
TIMELY = driver.METRICS_ARE_TIMELY.name
STOPS_LAST = driver.STOPS_LAST.name
NONE_OUTLIVES = driver.NO_TASK_OUTLIVES_ITS_DRIVER.name

LOADED_ONCE = task.LOADED_ONCE.name
ASKED_ONCE = task.ASKED_ONCE.name
REPORTED = task.REPORTED_TRULY.name
NOTICED = task.CRASH_IS_NOTICED.name

FATE = manager.EVERY_ENQUEUE_HAS_A_FATE.name
NOTHING_LOST = manager.NOTHING_IN_HAND_IS_LOST.name
TRUE_REASON = manager.REFUSALS_ARE_TRUE.name
READY_WITH_INPUTS = manager.READY_WITH_ALL_INPUTS.name
AVAILABLE_EXISTS = manager.AVAILABLE_EXISTS.name
DIGEST_ORDER = manager.READY_IN_DIGEST_ORDER.name
SENT_ONCE = manager.SENT_ONCE.name
IN_ITS_EPOCH = manager.EACH_IN_ITS_EPOCH.name
AFTER_THE_END = manager.NOTHING_AFTER_THE_END.name

COUNTED = rest.EVERYTHING_IS_COUNTED.name
TASKS_FINISHED = rest.TASKS_HAVE_FINISHED.name
NEEDLESS = rest.NOTHING_WAITS_NEEDLESSLY.name
KNOWS_ALL = rest.MANAGER_KNOWS_ALL.name
NO_LOCK = rest.NO_LOCK_IS_HELD.name
STOPPED = rest.STOPPED_IF_CLOSED.name
TAKEN = rest.EVERYTHING_IS_TAKEN.name

TWO_AT_ONCE = witnesses.TWO_AT_ONCE.name
WAITS = witnesses.A_CERTIFICATE_WAITS.name
PARKED = witnesses.A_CERTIFICATE_IS_PARKED.name
RECONFIGURATION_WAITS = witnesses.A_RECONFIGURATION_WAITS.name
LATER_EPOCH = witnesses.A_LATER_EPOCH_EXECUTES.name
PROGRAM_FAILS = witnesses.A_PROGRAM_FAILS.name
ABANDONED = witnesses.AN_EXECUTION_IS_ABANDONED.name
DRIVER_STOPS = witnesses.THE_DRIVER_STOPS.name
REFUSED_ENQUEUED = witnesses.REFUSED[Reason.ENQUEUED].name
CONFLICT = witnesses.FAILED[ExecutionError.VERSION_CONFLICT].name
CRASHED_EARLY = witnesses.CRASHED[Stage.SPAWNED].name
CRASHED_LOADING = witnesses.CRASHED[Stage.LOADING].name
CRASHED_LATE = witnesses.CRASHED[Stage.EXECUTING].name
