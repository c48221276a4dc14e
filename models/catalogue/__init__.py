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
from models.catalogue.soma_epochs import SOMA_EPOCH, SOMA_EPOCH_DEPENDENCY, SOMA_RECERTIFIED
from models.catalogue.soma_faults import SOMA_CRASH, SOMA_CRASH_EPOCH, SOMA_SHUTDOWN
from models.catalogue.soma_versions import (
    SOMA_CHAIN,
    SOMA_DIAMOND,
    SOMA_DUPLICATES,
    SOMA_FAILING,
    SOMA_FAN,
    SOMA_NEVER,
)
from models.catalogue.tpcc import TPCC
from models.catalogue.transfer import TRANSFER
from models.catalogue.voting import VOTING
from models.catalogue.waves import WAVES_MODEL
from models.catalogue.ycsb import YCSB
from models.model import Model

SOMA: tuple[Model, ...] = (
    SOMA_CHAIN,
    SOMA_NEVER,
    SOMA_FAILING,
    SOMA_DIAMOND,
    SOMA_FAN,
    SOMA_RECERTIFIED,
    SOMA_EPOCH_DEPENDENCY,
    SOMA_SHUTDOWN,
    SOMA_CRASH_EPOCH,
    SOMA_CRASH,
    SOMA_DUPLICATES,
    SOMA_EPOCH,
)
"""The models of Soma, the small ones first."""

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
    *SOMA,
    WAVES_MODEL,
    SMALLBANK_MIX,
    YCSB,
    TPCC,
)
"""All built-in models: first those whose states are all visited, then those walked at random."""


def model_named(name: str) -> Model | None:
    """The model of this name; nothing where there is none."""
    return next((model for model in CATALOGUE if model.name == name), None)
