"""The ten transactions of the public page on shards, which become ready in four waves."""

from models.catalogue.common import (
    Options,
    genesis_of,
    label,
    network_parameters,
    setting,
    transaction,
    world,
)
from models.model import Model, World
from models.worlds import Arrival, NamedCandidate
from properties.waves import ready_in
from spec.anoma.keyvalue import TxFingerprint

START = genesis_of({"P": 1, "Y": 2, "B": 3, "O": 4})
"""The four keys of the picture."""

PICTURE: dict[str, tuple[str, str]] = {
    "a": ("B", "O"),
    "b": ("B", "Y"),
    "c": ("P", "Y"),
    "d": ("O", "B"),
    "e": ("Y", "P"),
    "f": ("BO", ""),
    "g": ("B", "Y"),
    "h": ("Y", "P"),
    "i": ("O", "B"),
    "j": ("", "PY"),
}
"""The keys that each transaction reads, and those that it writes, in the order of the timestamps."""

WAVES = ready_in(
    tuple(
        frozenset(TxFingerprint(1 + list(PICTURE).index(name)) for name in names)
        for names in ("abcj", "dei", "fg", "h")
    )
)
"""Only reading what another one writes makes a transaction wait."""


def pictured(name: str, place: int) -> NamedCandidate:
    """A transaction of the picture: it writes a number of its own and the sum of what it reads."""
    reads, writes = PICTURE[name]
    total = " + ".join((str(100 * place), *(f'read("{key}")' for key in reads)))
    program = "\n".join((f"total = {total}", *(f'write("{key}", total)' for key in writes)))
    return transaction(name, label(eager=reads, will=writes), program)


TEN = tuple(pictured(name, place) for place, name in enumerate(PICTURE, start=1))
"""The ten transactions."""


def picture(options: Options) -> World:
    """The picture; the waves are those of the given order."""
    chosen = setting(TEN, START, options)
    return world(chosen, (WAVES,) if chosen.arrival is Arrival.GIVEN else ())


WAVES_MODEL = Model(
    name="waves",
    system="anoma",
    sentence=(
        "The ten transactions a to j over the keys P, Y, B and O, which become ready in the waves "
        "{a,b,c,j} {d,e,i} {f,g} {h}. Walked at random."
    ),
    parameters=network_parameters(4, Arrival.GIVEN),
    build=picture,
    walks=20,
)
"""The picture of the public page on shards."""
