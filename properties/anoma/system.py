"""All that must hold of Anoma's engines put together."""

from pyrsistent import PMap

from properties.anoma.answers import REQUESTS_ARE_ANSWERED_ONCE, TOLD_MARKS_GROW
from properties.anoma.clients import SENDS_ONE_BY_ONE
from properties.anoma.collection import COLLECTION_IS_INVISIBLE
from properties.anoma.execution import (
    HISTORY_IS_SERIALIZABLE,
    equals_timestamp_order,
    reads_see_latest_write,
)
from properties.anoma.executors import (
    ASKS_FOR_DECLARED,
    HEARS_WHAT_IT_ASKED_FOR,
    STAYS_IN_LABEL,
)
from properties.anoma.ordering import FINGERPRINTS_ARE_DENSE, MARKS_ARE_SOUND, MARKS_NEVER_FALL
from properties.anoma.pools import POOL_KEEPS_ITS_SIZE
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
from properties.property import Property
from properties.waves import DEPENDENTS_FINISH_LATER
from spec.anoma.keyvalue import KVSDatum, KVSKey


def anoma_properties(genesis: PMap[KVSKey, KVSDatum]) -> tuple[Property, ...]:
    """What must hold of every network of Anoma's engines that starts from these values.

    The laws of engines and what should happen in some run are named elsewhere.
    """
    return (
        equals_timestamp_order(genesis),
        HISTORY_IS_SERIALIZABLE,
        reads_see_latest_write(genesis),
        SUMMARY_IS_TRUE,
        SUMMARY_REACHES_BOTH,
        STAYS_IN_LABEL,
        ASKS_FOR_DECLARED,
        HEARS_WHAT_IT_ASKED_FOR,
        SENDS_ONE_BY_ONE,
        POOL_KEEPS_ITS_SIZE,
        NOTHING_TWICE,
        MARKS_NEVER_FALL,
        MARKS_ARE_SOUND,
        TOLD_MARKS_GROW,
        FINGERPRINTS_ARE_DENSE,
        REQUESTS_ARE_ANSWERED_ONCE,
        FAILED_WRITES_NOTHING,
        COLLECTION_IS_INVISIBLE,
        VALUES_NEVER_CHANGE,
        READS_ARE_ANSWERED_ONCE,
        LOCKS_ARE_ACKNOWLEDGED_ONCE,
        DEPENDENTS_FINISH_LATER,
        EVERYTHING_FINISHED,
        NOTHING_PENDING,
        sequential_store(genesis),
    )
