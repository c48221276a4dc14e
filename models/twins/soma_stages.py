"""The small worlds on which twins of Soma's engines show what is wrong with them."""

from attrs import evolve, frozen

from models.catalogue.soma import certificate, increment, objects
from models.model import World
from models.soma_worlds import SomaSetting, soma_reference, soma_world
from models.twins.twin import Stage
from properties.engine_laws import ENGINE_LAWS
from properties.property import Property
from properties.soma.claims import soma_witnesses
from properties.soma.system import SOMA_PROPERTIES
from properties.soma.witnesses import A_LATER_EPOCH_EXECUTES, FAILED
from spec.formalism.delivery import AnyDiscipline
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults
from spec.soma.certificate import Certificate
from spec.soma.epoch import EpochId
from spec.soma.execution import ExecutionError
from spec.soma.system import Circumstances, Enqueues, soma_state, soma_system

Sources = tuple[tuple[Certificate, ...], ...]
"""The certificates that each source brings."""


@frozen
class Around:
    """What comes from outside, beside certificates."""

    limit: int = 1
    """How many tasks may run at a time."""
    synced: tuple[Certificate, ...] = ()
    """The certificates that state sync has executed."""
    epochs: tuple[int, ...] = ()
    """The epochs that are to begin."""
    closes: bool = False
    """Whether the channel is closed."""
    crashes: int = 0
    """How many tasks may crash."""
    duplicates: int = 0
    """How many messages may arrive twice."""
    shows: tuple[Property, ...] = ()
    """What some run shows, beside what is always claimed."""


NOTHING = Around()
"""No more than certificates."""


def given(sources: Sources, around: Around) -> Circumstances:
    """All that may happen where sources bring these certificates for the objects x and y."""
    enqueues = tuple(
        Enqueues(on_local_node(f"source.{number}"), mine)
        for number, mine in enumerate(sources, start=1)
    )
    return Circumstances(
        objects("x y"),
        enqueues,
        around.limit,
        around.synced,
        tuple(EpochId(each) for each in around.epochs),
        around.closes,
        around.crashes,
    )


def of(name: str, sentence: str, sources: Sources, around: Around = NOTHING) -> Stage:
    """The stage on which sources bring these certificates."""
    setting = SomaSetting(given(sources, around), faults=Faults(duplicates=around.duplicates))

    def build(discipline: AnyDiscipline) -> World:
        claims = soma_witnesses(setting.circumstances, soma_reference(setting))
        return soma_world(evolve(setting, discipline=discipline), (*claims, *around.shows))

    return Stage(name, sentence, build)


def contradicting(name: str, sentence: str, sources: Sources) -> Stage:
    """The stage on which certificates contradict each other, which no loader lets pass."""

    def build(discipline: AnyDiscipline) -> World:
        system = soma_system(discipline)
        state = soma_state(system, given(sources, NOTHING))
        shows = FAILED[ExecutionError.VERSION_CONFLICT]
        return World(system, state, (*ENGINE_LAWS, *SOMA_PROPERTIES, shows))

    return Stage(name, sentence, build)


A = certificate("a", "x1", "x", increment("x"))
"""Makes the second version of x."""

B = certificate("b", "x2", "x", increment("x"))
"""Makes the third version of x."""

C = certificate("c", "y1", "y", increment("y"))
"""Makes the second version of y: nothing to do with the others."""

A_LATER = certificate("a", "x1", "x", increment("x"), epoch=1)
"""The first one again, certified for the second epoch."""

B_LATER = certificate("b", "x2", "x", increment("x"), epoch=1)
"""Makes the third version of x, in the second epoch."""

LATEST = certificate("d", "x1", "", epoch=2)
"""Reads x in the third epoch."""

FAILS = certificate("a", "x1", "x z", 'write("x", 99)\nfail("no")')
"""A program that fails: it would have made a version of x, and created z."""

TWO_AT_A_TIME = certificate("b", "x2 y1", "x", 'write("x", read("x") + read("y"))')
"""Needs the second version of x, and y as it is."""

SPLITS = certificate("a", "x1", "l r", 'write("l", read("x"))\nwrite("r", read("x"))')
"""Creates two objects."""

LEFT = certificate("b", "l1", "l", increment("l"))
"""Needs one of them."""

RIGHT = certificate("c", "r1", "r", increment("r"))
"""Needs the other one."""

SECOND_X = certificate("b", "x1", "x")
"""Makes the second version of x too."""

ONE = of("one-certificate", "One certificate.", ((A,),))
CHAIN = of("two-in-a-chain", "A certificate needs the version that another one makes.", ((A, B),))
PAIR = of("pair", "Two certificates, and one task at a time.", ((A, C),))
SIDE_BY_SIDE = of(
    "side-by-side", "Two certificates, and two tasks at a time.", ((A, C),), Around(limit=2)
)
INPUTS = of(
    "two-inputs",
    "A certificate has one input from the start, and needs one that another one makes.",
    ((A, TWO_AT_A_TIME),),
)
FORK = of("fork", "A certificate makes what two others need.", ((SPLITS, LEFT, RIGHT),))
TWICE = of("brought-twice", "Two sources bring one certificate.", ((A,), (A,)))
SYNCED = of("synced", "State sync has a certificate executed too.", ((A,),), Around(synced=(A,)))
SYNCED_TWICE = of(
    "synced-second-twice",
    "Two sources bring a certificate that needs another one's version, state sync has it executed.",
    ((A, B), (B,)),
    Around(synced=(B,)),
)
SYNCED_CHAIN = of(
    "synced-chain",
    "State sync has a certificate and the one that needs its version executed too.",
    ((A, B),),
    Around(synced=(A, B)),
)
SYNCED_BEFORE = of(
    "synced-second",
    "State sync has a certificate executed that needs the version that another one makes.",
    ((A,),),
    Around(synced=(B,)),
)
REPEATED = of(
    "repeated-message",
    "One certificate, and one message may arrive twice.",
    ((A,),),
    Around(duplicates=1),
)
FAILING = of("failing", "A program fails.", ((FAILS,),))
FAILING_CHAIN = of(
    "failing-chain", "A program fails, and the next one needs its version.", ((FAILS, B),)
)
EPOCH = of("new-epoch", "A new epoch begins at any time.", ((A,),), Around(epochs=(1,)))
EPOCH_ALONE = of(
    "new-epoch-alone", "A new epoch begins, and there is no certificate.", (), Around(epochs=(1,))
)
EPOCH_PAIR = of(
    "new-epoch-pair",
    "A new epoch begins at any time, and two tasks may run.",
    ((A, C),),
    Around(limit=2, epochs=(1,)),
)
EPOCH_CHAIN = of(
    "new-epoch-chain",
    "A new epoch begins at any time, and a certificate may wait for another one.",
    ((A, B),),
    Around(epochs=(1,)),
)
EARLY = of(
    "early-certificate",
    "A certificate comes before its epoch.",
    ((A_LATER,),),
    Around(epochs=(1,), shows=(A_LATER_EPOCH_EXECUTES,)),
)
EPOCHS = of("two-epochs", "Two new epochs begin at any time.", ((A,),), Around(epochs=(1, 2)))
EPOCH_SYNCED = of(
    "new-epoch-synced",
    "A certificate of a new epoch, which state sync has executed too.",
    ((A_LATER,),),
    Around(synced=(A_LATER,), epochs=(1,)),
)
EPOCH_SYNCED_OLD = of(
    "old-epoch-synced",
    "A new epoch begins at any time, and state sync has a certificate of the old one executed too.",
    ((A,),),
    Around(synced=(A,), epochs=(1,)),
)
EARLY_SYNCED = of(
    "early-synced",
    "State sync has a certificate executed before its epoch, and before its input is there.",
    ((A,),),
    Around(synced=(B_LATER,)),
)
RECERTIFIED = of(
    "recertified",
    "One transaction is certified in two epochs.",
    ((A,), (A_LATER,)),
    Around(limit=2, epochs=(1,)),
)
REPEATED_EPOCH = of(
    "repeated-epoch",
    "A new epoch begins, and one message may arrive twice.",
    (),
    Around(epochs=(1,), duplicates=1),
)
CRASH = of("crash", "The task of a certificate may crash.", ((A,),), Around(crashes=1))
CRASH_PAIR = of(
    "crash-pair",
    "One of two tasks that run at once may crash.",
    ((A, C),),
    Around(limit=2, crashes=1),
)
CRASH_EPOCH = of(
    "crash-epoch",
    "The task of a certificate may crash, and a new epoch begins.",
    ((A,),),
    Around(epochs=(1,), crashes=1),
)
CLOSE = of("close", "The channel is closed at any time.", ((A,),), Around(closes=True))
CLOSE_CHAIN = of(
    "close-chain",
    "The channel is closed at any time, and a certificate may wait for another one.",
    ((A, B),),
    Around(closes=True),
)
REPEATED_CLOSE = of(
    "repeated-close",
    "The channel is closed, and one message may arrive twice.",
    (),
    Around(closes=True, duplicates=1),
)
CONFLICT = contradicting(
    "conflict", "Two certificates make the same version of an object.", ((A, SECOND_X),)
)
CLOSE_PAIR = of(
    "close-at-two",
    "The channel is closed at any time, and two tasks may run.",
    ((A,),),
    Around(limit=2, closes=True),
)
