"""A fixed pool of executors, which deadlocks where they are assigned out of timestamp order."""

from attrs import evolve

from models.catalogue.common import Options, known, network_parameters, setting, transactions, world
from models.catalogue.counter import START, increments
from models.model import Model, Parameter, World

SIZE = Parameter("pool_size", "how many executors there are", 1, least=1, most=3)
"""The parameter that sets the size of the pool."""

DELIVERED = {parameter.name: parameter for parameter in network_parameters(1)}
"""The parameters of a network, by name."""


def pooled(options: Options) -> World:
    """The increments of `counter`, executed by a pool."""
    chosen = setting(increments(options["transactions"]), START, options)
    return world(evolve(chosen, pool_size=options["pool_size"]))


POOL = Model(
    name="pool",
    system="anoma",
    sentence=(
        "The increments of `counter` with a fixed pool of executors: it deadlocks where the later "
        "one gets the last executor and waits for the earlier one, which has none. In `counter` "
        "each has an executor of its own, and the same transactions finish."
    ),
    parameters=(SIZE, transactions(2, 4), *network_parameters(1)),
    build=pooled,
    breaks="every transaction finished",
    expected=(
        known(2693, 10392, 23),
        known(1645, 5960, 24, delivery="fifo"),
        known(3989, 16488, 23, pool_size=2),
    ),
)
"""A pool that deadlocks."""

POOL_FIFO = Model(
    name="pool-fifo",
    system="anoma",
    sentence=(
        "The model `pool` where mailboxes deliver in the order of sending: executors are assigned "
        "in timestamp order, and every transaction finishes."
    ),
    parameters=(
        SIZE,
        transactions(2, 4),
        *(
            evolve(each, default="fifo") if each.name == "delivery" else each
            for each in network_parameters(1)
        ),
    ),
    build=pooled,
    expected=(known(1645, 5960, 24),),
)
"""A pool that does not."""
