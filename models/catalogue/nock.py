"""The increments of the counter, as Nock formulas."""

from models.catalogue.common import Options, known, network_parameters, transactions
from models.catalogue.counter import counters
from models.model import Model, World
from spec.anoma.nockma import EXIT, Nockma

ADD_ONE = Nockma(f"[6 [0 2] [1 1 0] [1 {EXIT}] [[0 6] 4 0 7] 1 0]", gas=1000)
"""On the start, [1 0]: wait for the value. On the value, [exit [key value+1] 0]: write one more."""


def nock_counters(options: Options) -> World:
    """Increments by a Nock formula."""
    return counters(options, program=ADD_ONE)


NOCK = Model(
    name="nock",
    system="anoma",
    sentence="The increments of `counter`, whose programs are Nock formulas.",
    parameters=(transactions(2, 3), *network_parameters(1)),
    build=nock_counters,
    expected=(
        known(1845, 7092, 19),
        known(1285, 4604, 20, delivery="fifo"),
    ),
)
"""Increments of one key in Nock."""
