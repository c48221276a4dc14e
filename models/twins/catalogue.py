"""All twins: the defects of the published text, then slips."""

from attrs import evolve

from models.twins.defects.executor import EXECUTOR_DEFECTS
from models.twins.defects.locks import LOCK_DEFECTS
from models.twins.defects.nock import NOCK_DEFECTS
from models.twins.defects.reads import READ_DEFECTS
from models.twins.defects.running import RUNNING_DEFECTS
from models.twins.defects.simulator import SIMULATOR_DEFECTS
from models.twins.defects.worker import WORKER_DEFECTS
from models.twins.published.repairs import SILENCING, UNHEARD
from models.twins.slips.clients import CLIENT_SLIPS
from models.twins.slips.commitment import COMMIT_SLIPS
from models.twins.slips.elections import ELECTION_SLIPS
from models.twins.slips.executor import EXECUTOR_SLIPS
from models.twins.slips.formalism import FORMALISM_SLIPS
from models.twins.slips.locks import LOCK_SLIPS
from models.twins.slips.pools import POOL_SLIPS
from models.twins.slips.reads import READ_SLIPS
from models.twins.slips.soma.authority import AUTHORITY_SLIPS
from models.twins.slips.soma.crashes import CRASH_SLIPS
from models.twins.slips.soma.driver import DRIVER_SLIPS
from models.twins.slips.soma.epochs import EPOCH_SLIPS
from models.twins.slips.soma.manager import MANAGER_SLIPS
from models.twins.slips.soma.readiness import READINESS_SLIPS
from models.twins.slips.soma.tasks import TASK_SLIPS
from models.twins.slips.workers import WORKER_SLIPS
from models.twins.twin import Twin


def hidden(twin: Twin) -> Twin:
    """The twin, and what else keeps its rule from ever being asked in the text."""
    if twin.rule not in UNHEARD:
        return twin
    return evolve(twin, hidden_by=(*sorted(SILENCING), *twin.hidden_by))


PUBLISHED: tuple[Twin, ...] = tuple(
    map(
        hidden,
        (
            *WORKER_DEFECTS,
            *LOCK_DEFECTS,
            *READ_DEFECTS,
            *RUNNING_DEFECTS,
            *EXECUTOR_DEFECTS,
            *NOCK_DEFECTS,
            *SIMULATOR_DEFECTS,
        ),
    )
)
"""What the published text gets wrong, as far as a run confirms it."""

SLIPS: tuple[Twin, ...] = (
    *FORMALISM_SLIPS,
    *ELECTION_SLIPS,
    *COMMIT_SLIPS,
    *CLIENT_SLIPS,
    *WORKER_SLIPS,
    *POOL_SLIPS,
    *LOCK_SLIPS,
    *READ_SLIPS,
    *EXECUTOR_SLIPS,
    *MANAGER_SLIPS,
    *READINESS_SLIPS,
    *DRIVER_SLIPS,
    *TASK_SLIPS,
    *AUTHORITY_SLIPS,
    *CRASH_SLIPS,
    *EPOCH_SLIPS,
)
"""What one might write instead of the rules, and nobody has."""

TWINS: tuple[Twin, ...] = PUBLISHED + SLIPS
"""All twins."""


def twin_named(name: str) -> Twin | None:
    """The twin of this name; nothing where there is none."""
    return next((twin for twin in TWINS if twin.name == name), None)
