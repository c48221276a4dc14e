"""The built-in models, the small ones first."""

from models.catalogue.collecting import COLLECTING
from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.counter import COUNTERS
from models.catalogue.failing import FAILING
from models.catalogue.lazy import LAZY
from models.catalogue.nock import NOCK
from models.catalogue.ordering import ORDERING
from models.catalogue.pool import POOL, POOL_FIFO
from models.catalogue.smallbank import SMALLBANK, SMALLBANK_MIX
from models.catalogue.tpcc import TPCC
from models.catalogue.transfer import TRANSFER
from models.catalogue.voting import VOTING
from models.catalogue.waves import WAVES_MODEL
from models.catalogue.ycsb import YCSB
from models.model import Model

CATALOGUE: tuple[Model, ...] = (
    VOTING,
    TWO_PHASE_COMMIT,
    COUNTERS,
    NOCK,
    COLLECTING,
    POOL_FIFO,
    POOL,
    SMALLBANK,
    FAILING,
    TRANSFER,
    LAZY,
    ORDERING,
    WAVES_MODEL,
    SMALLBANK_MIX,
    YCSB,
    TPCC,
)
"""All built-in models: first those whose states are all visited, then those walked at random."""


def model_named(name: str) -> Model | None:
    """The model of this name; nothing where there is none."""
    return next((model for model in CATALOGUE if model.name == name), None)
