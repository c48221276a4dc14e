"""All twins: the defects of the published text, then slips."""

from models.twins.defects.executor import EXECUTOR_DEFECTS
from models.twins.defects.locks import LOCK_DEFECTS
from models.twins.defects.nock import NOCK_DEFECTS
from models.twins.defects.reads import READ_DEFECTS
from models.twins.defects.running import RUNNING_DEFECTS
from models.twins.defects.simulator import SIMULATOR_DEFECTS
from models.twins.defects.worker import WORKER_DEFECTS
from models.twins.twin import Twin

PUBLISHED: tuple[Twin, ...] = (
    *WORKER_DEFECTS,
    *LOCK_DEFECTS,
    *READ_DEFECTS,
    *RUNNING_DEFECTS,
    *EXECUTOR_DEFECTS,
    *NOCK_DEFECTS,
    *SIMULATOR_DEFECTS,
)
"""What the published text gets wrong, as far as a run confirms it."""

TWINS: tuple[Twin, ...] = (*PUBLISHED,)
"""All twins."""


def twin_named(name: str) -> Twin | None:
    """The twin of this name; nothing where there is none."""
    return next((twin for twin in TWINS if twin.name == name), None)
