"""All that must hold of Soma's engines put together."""

from properties.property import Property
from properties.soma.answers import ERRORS_HAVE_CAUSES, EVERYBODY_HEARS
from properties.soma.authority import (
    AT_MOST_ONCE,
    BEGINS_FOR_SOMEBODY,
    BEGINS_WITH_INPUTS,
    FAILURE_LEAVES_NOTHING,
    ONE_AT_A_TIME,
    ONE_EPOCH,
    PAST_STAYS,
    RECONFIGURATION_IS_NEXT,
    Known,
)
from properties.soma.driver import (
    AT_MOST_SO_MANY_RUN,
    EACH_HAS_A_TASK,
    METRICS_ADD_UP,
    METRICS_ARE_TIMELY,
    NO_TASK_OUTLIVES_ITS_DRIVER,
    RECEIVED_IN_ORDER,
    STOPS_LAST,
)
from properties.soma.execution import NO_CYCLE, equals_version_order
from properties.soma.manager import (
    AVAILABLE_EXISTS,
    EACH_IN_ITS_EPOCH,
    EVERY_ENQUEUE_HAS_A_FATE,
    NOTHING_AFTER_THE_END,
    NOTHING_IN_HAND_IS_LOST,
    READY_IN_DIGEST_ORDER,
    READY_WITH_ALL_INPUTS,
    REFUSALS_ARE_TRUE,
    SENT_ONCE,
)
from properties.soma.rest import (
    EVERYTHING_IS_COUNTED,
    EVERYTHING_IS_TAKEN,
    MANAGER_KNOWS_ALL,
    NO_LOCK_IS_HELD,
    NOTHING_WAITS_NEEDLESSLY,
    STOPPED_IF_CLOSED,
    TASKS_HAVE_FINISHED,
)
from properties.soma.task import ASKED_ONCE, CRASH_IS_NOTICED, LOADED_ONCE, REPORTED_TRULY
from properties.soma.versions import VERSIONS_FORM_CHAINS

SOMA_PROPERTIES: tuple[Property, ...] = (
    NO_CYCLE,
    AT_MOST_ONCE,
    PAST_STAYS,
    VERSIONS_FORM_CHAINS,
    BEGINS_WITH_INPUTS,
    BEGINS_FOR_SOMEBODY,
    ONE_AT_A_TIME,
    ONE_EPOCH,
    RECONFIGURATION_IS_NEXT,
    ERRORS_HAVE_CAUSES,
    FAILURE_LEAVES_NOTHING,
    EVERYBODY_HEARS,
    AT_MOST_SO_MANY_RUN,
    RECEIVED_IN_ORDER,
    EACH_HAS_A_TASK,
    METRICS_ADD_UP,
    METRICS_ARE_TIMELY,
    STOPS_LAST,
    NO_TASK_OUTLIVES_ITS_DRIVER,
    LOADED_ONCE,
    ASKED_ONCE,
    REPORTED_TRULY,
    CRASH_IS_NOTICED,
    EVERY_ENQUEUE_HAS_A_FATE,
    NOTHING_IN_HAND_IS_LOST,
    REFUSALS_ARE_TRUE,
    READY_WITH_ALL_INPUTS,
    AVAILABLE_EXISTS,
    READY_IN_DIGEST_ORDER,
    SENT_ONCE,
    EACH_IN_ITS_EPOCH,
    NOTHING_AFTER_THE_END,
    EVERYTHING_IS_COUNTED,
    TASKS_HAVE_FINISHED,
    NOTHING_WAITS_NEEDLESSLY,
    MANAGER_KNOWS_ALL,
    NO_LOCK_IS_HELD,
    STOPPED_IF_CLOSED,
    EVERYTHING_IS_TAKEN,
)
"""What must hold of every network of Soma's engines, whatever its certificates are."""


def soma_properties(reference: Known) -> tuple[Property, ...]:
    """What must hold of every network of Soma's engines.

    The laws of engines and what should happen in some run are named elsewhere.

    Args:
        reference: the effects of its certificates, executed one at a time.
    """
    return (equals_version_order(reference), *SOMA_PROPERTIES)
