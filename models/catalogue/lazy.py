"""Lazy reads and may writes: what is needed only sometimes."""

from models.catalogue.common import (
    Options,
    genesis_of,
    known,
    label,
    network_parameters,
    setting,
    transaction,
    transactions,
    world,
)
from models.model import Model, World

START = genesis_of({"selector": 1, "left": 10, "right": 20})
"""The selector points to the left."""

SIDES = ("left", "right")
"""The keys of which one is read and written."""

CHOICE = label(eager=("selector",), lazy=SIDES, may=SIDES)
"""What a transaction needs to know before it chooses, and what it may choose."""

CHOOSE = """
    if read("selector"):
        write("left", read("left") + 1)
    else:
        write("right", read("right") + 1)
"""
"""Adds one on the side that the selector points to."""

FLIP = 'write("selector", not read("selector"))'
"""Points the selector to the other side."""

CHOICES = (
    transaction("choose", CHOICE, CHOOSE),
    transaction("flip", label(eager=("selector",), will=("selector",)), FLIP),
    transaction("choose-again", CHOICE, CHOOSE),
)
"""A choice, what it depends on, and another one."""


def choices(options: Options) -> World:
    """The first of the transactions."""
    return world(setting(CHOICES[: options["transactions"]], START, options))


LAZY = Model(
    name="lazy",
    system="anoma",
    sentence=(
        "A transaction reads a selector, then lazily one of two keys, and writes that one, "
        "while another transaction changes the selector."
    ),
    parameters=(transactions(2, len(CHOICES)), *network_parameters(1)),
    build=choices,
    expected=(
        known(6145, 30250, 23),
        known(2397, 9286, 24, delivery="fifo"),
        known(2239, 10233, 23, arrival="given"),
        known(8971, 49648, 27, shards=2, arrival="given"),
    ),
)
"""Lazy reads and may writes."""
