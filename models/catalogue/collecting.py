"""Shards that collect garbage: nobody must be able to tell."""

from models.catalogue.common import Options, known, network_parameters, transactions
from models.catalogue.counter import counters
from models.catalogue.transfer import transfers
from models.model import Model, Parameter, World
from spec.anoma.shard.behaviour import COLLECTING_SHARD


def collecting(options: Options) -> World:
    """The chosen model over shards that collect garbage."""
    worlds = {"counter": counters, "transfer": transfers}
    return worlds[options["workload"]](options, COLLECTING_SHARD)


COLLECTING = Model(
    name="collecting",
    system="anoma",
    sentence="The transactions of `counter` or `transfer`, over shards that collect garbage.",
    parameters=(
        Parameter("workload", "whose transactions", "counter", ("counter", "transfer")),
        transactions(2, 3),
        *network_parameters(1),
    ),
    build=collecting,
    expected=(
        known(1845, 7092, 19),
        known(1285, 4604, 20, delivery="fifo"),
        known(5797, 27532, 23, workload="transfer"),
    ),
)
"""Garbage collection."""
