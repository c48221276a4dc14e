"""The small worlds on which twins show what is wrong with them."""

from collections.abc import Iterable

from attrs import evolve
from pyrsistent import pmap

from models.catalogue.commit import two_phase_commit
from models.catalogue.common import Genesis, genesis_of, label, transaction, world
from models.catalogue.counter import COUNTER, increments
from models.catalogue.failing import MALFORMED
from models.catalogue.lazy import CHOICES
from models.catalogue.lazy import START as SELECTED
from models.catalogue.voting import election
from models.model import World
from models.twins.twin import Stage
from models.worlds import Arrival, NamedCandidate, Setting, keys_of, spread
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.nockma import EXIT, Nockma
from spec.anoma.placement import Placement
from spec.anoma.shard.behaviour import COLLECTING_SHARD
from spec.formalism.delivery import AnyDiscipline
from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.formalism.state import Faults

X, Y, Z = "x", "y", "z"

VALUES = genesis_of({X: 1, Y: 2})
"""The values of two keys at the start."""


def anoma(
    transactions: Iterable[NamedCandidate],
    genesis: Genesis = VALUES,
    arrival: Arrival = Arrival.GIVEN,
    shards: int = 1,
    duplicates: int = 0,
) -> Setting:
    """A setting of Anoma's engines, as small as can be."""
    chosen = tuple(transactions)
    return Setting(
        chosen,
        spread(keys_of(chosen, genesis), shards),
        genesis,
        arrival,
        faults=Faults(duplicates=duplicates),
    )


def of(name: str, sentence: str, setting: Setting) -> Stage:
    """The stage of a setting."""

    def build(discipline: AnyDiscipline) -> World:
        return world(evolve(setting, discipline=discipline))

    return Stage(name, sentence, build)


ONE_INCREMENT = of(
    "one-increment",
    "One transaction adds one to the counter.",
    anoma(increments(1), genesis_of({COUNTER: 0})),
)
TWO_INCREMENTS = of(
    "two-increments",
    "One client has two transactions add one to the counter, one after the other.",
    anoma(increments(2), genesis_of({COUNTER: 0})),
)
REPEATED_INCREMENT = of(
    "repeated-increment",
    "One transaction adds one to the counter, and one message may arrive twice.",
    anoma(increments(1), genesis_of({COUNTER: 0}), duplicates=1),
)
INCREMENTS_IN_ANY_ORDER = of(
    "increments-in-any-order",
    "Two clients have a transaction each add one to the counter.",
    anoma(increments(2), genesis_of({COUNTER: 0}), Arrival.ANY),
)
THREE_INCREMENTS = of(
    "three-increments",
    "One client has three transactions add one to the counter.",
    anoma(increments(3), genesis_of({COUNTER: 0})),
)

SET = transaction("set", label(will=(X,)), f'write("{X}", 5)')
"""Writes x, reads nothing."""

COPY = transaction("copy", label(eager=(X,), will=(Y,)), f'write("{Y}", read("{X}"))')
"""Reads x, writes it to y."""

MAY_SET = transaction("may-set", label(may=(X,)), f'write("{X}", 5)')
"""May write x, and does."""

MAY_NOT_SET = transaction("may-not-set", label(may=(X,)), "pass")
"""May write x, and does not."""

WILL_NOT_SET = transaction("will-not-set", label(will=(X,)), "pass")
"""Says that it will write x, and does not."""

GIVES_UP = transaction("gives-up", label(will=(X,)), 'fail("never mind")')
"""Says that it will write x, and fails."""

LOOK_UP = transaction("look-up", label(lazy=(X,), will=(Y,)), f'write("{Y}", read("{X}"))')
"""Reads x lazily, writes it to y."""

LOOK_AWAY = transaction("look-away", label(lazy=(X,), will=(Y,)), f'write("{Y}", 5)')
"""May read x, and does not."""

SUM = transaction("sum", label(eager=(X, Y), will=(Z,)), f'write("{Z}", read("{X}") + read("{Y}"))')
"""Reads x, then y, writes the sum to z."""

GLANCE = transaction("glance", label(eager=(X, Y), will=(Z,)), f'write("{Z}", read("{X}"))')
"""Says that it will read x and y, asks for x alone."""

QUITS = transaction("quits", label(eager=(X, Y), will=(Z,)), f'read("{X}")\nfail("no more")')
"""Says that it will read x and y, fails after x."""

WRITES_TWICE = transaction(
    "writes-twice",
    label(eager=(Y,), will=(X,)),
    f'write("{X}", 5)\nread("{Y}")\nwrite("{X}", 6)',
)
"""Writes x, reads y, writes x again."""

WRITES_AND_FAILS = transaction(
    "writes-and-fails",
    label(eager=(Y,), will=(X,)),
    f'write("{X}", 5)\nread("{Y}")\nfail("too late")',
)
"""Writes x, reads y, fails."""

STRAYS_READING = transaction("strays-reading", label(will=(Y,)), f'write("{Y}", read("{X}"))')
"""Reads x, which it has not declared."""

STRAYS_WRITING = transaction("strays-writing", label(eager=(X,)), f'write("{Y}", read("{X}"))')
"""Writes y, which it has not declared."""

REWRITES = transaction("rewrites", label(will=(X,)), f'write("{X}", 5)\nwrite("{X}", 6)')
"""Writes x twice without reading."""

READS_AND_WRITES_BLINDLY = transaction(
    "reads-and-writes-blindly", label(lazy=(X,), will=(X,)), f'write("{X}", 5)'
)
"""May read x, does not ask for it, and writes it."""

BLIND_WRITE = of("blind-write", "One transaction writes without reading.", anoma((SET,)))
LAZY_LOOK = of("lazy-look", "One transaction reads lazily.", anoma((LOOK_UP,)))
LOOKS_AWAY = of("looks-away", "One transaction may read a key, and does not.", anoma((LOOK_AWAY,)))
SET_THEN_COPY = of(
    "set-then-copy", "A transaction writes what the next one reads.", anoma((SET, COPY))
)
MAY_SET_THEN_COPY = of(
    "may-set-then-copy",
    "A transaction may write what the next one reads, and does.",
    anoma((MAY_SET, COPY)),
)
MAY_NOT_SET_THEN_COPY = of(
    "may-not-set-then-copy",
    "A transaction may write what the next one reads, and does not.",
    anoma((MAY_NOT_SET, COPY)),
)
WILL_NOT_SET_THEN_COPY = of(
    "will-not-set-then-copy",
    "A transaction says that it will write what the next one reads, and does not.",
    anoma((WILL_NOT_SET, COPY)),
)
GIVES_UP_THEN_COPY = of(
    "gives-up-then-copy",
    "A transaction that was to write what the next one reads fails.",
    anoma((GIVES_UP, COPY)),
)
SET_THEN_LOOK_UP = of(
    "set-then-look-up",
    "A transaction writes what the next one reads lazily.",
    anoma((SET, LOOK_UP)),
)
LOOK_UP_THEN_SET = of(
    "look-up-then-set",
    "A transaction reads lazily what the next one writes.",
    anoma((LOOK_UP, SET)),
)
SUM_OF_TWO_SHARDS = of(
    "sum-of-two-shards",
    "A transaction adds up two keys, each on a shard of its own.",
    anoma((SUM,), shards=2),
)
GLANCES = of(
    "glance", "A transaction ends while a value that it was to read is under way.", anoma((GLANCE,))
)
QUITTING = of(
    "quits", "A transaction fails while a value that it was to read is under way.", anoma((QUITS,))
)
WRITES_TWICE_THEN_COPY = of(
    "writes-twice-then-copy",
    "A transaction writes a key, reads, and writes it again; the next one reads it.",
    anoma((WRITES_TWICE, COPY)),
)
WRITING_TWICE = of(
    "writes-twice",
    "A transaction writes a key, reads, and writes it again.",
    anoma((WRITES_TWICE,)),
)
LATE_FAILURE = of(
    "writes-and-fails",
    "A transaction writes a key, reads, and fails.",
    anoma((WRITES_AND_FAILS,)),
)
STRAY_READ = of(
    "strays-reading", "A transaction reads an undeclared key.", anoma((STRAYS_READING,))
)
STRAY_WRITE = of(
    "strays-writing", "A transaction writes an undeclared key.", anoma((STRAYS_WRITING,))
)
REPEATED_LOOK_UP = of(
    "repeated-look-up",
    "One transaction reads lazily, and one message may arrive twice.",
    anoma((LOOK_UP,), duplicates=1),
)
REPEATED_SUM = of(
    "repeated-sum",
    "A transaction adds up two keys, and one message may arrive twice.",
    anoma((SUM,), duplicates=1),
)
MALFORMED_REQUEST = of(
    "malformed-request", "One transaction with a label that is refused.", anoma((MALFORMED,))
)
REPEATED_REFUSAL = of(
    "repeated-refusal",
    "One transaction with a label that is refused, and one message may arrive twice.",
    anoma((MALFORMED,), duplicates=1),
)
REWRITING = of("rewrites", "A transaction writes a key twice in one go.", anoma((REWRITES,)))
CHOOSING = of(
    "choosing",
    "A transaction reads a selector, then lazily one of two keys, and writes that one.",
    anoma(CHOICES[:1], SELECTED),
)


def on_two_nodes() -> Setting:
    """A sum over two shards that have the same name, each on a node of its own."""
    ids = tuple(EngineId(NodeId(node), EngineName("shard")) for node in ("east", "west"))
    placement = Placement(ids, pmap({KVSKey(X): ids[0], KVSKey(Y): ids[1]}))
    return evolve(anoma((SUM,)), placement=placement)


NAMESAKES = of(
    "namesakes",
    "A transaction adds up two keys, on two shards of the same name on different nodes.",
    on_two_nodes(),
)


def pooled(setting: Setting) -> Setting:
    """The same setting with a pool of one executor."""
    return evolve(setting, pool_size=1)


def collecting(setting: Setting) -> Setting:
    """The same setting over shards that collect garbage."""
    return evolve(setting, shard_family=COLLECTING_SHARD)


def by_nock(name: str, sentence: str, formula: str, gas: int = 1000) -> Stage:
    """The stage on which one increment of the counter is done by a Nock formula."""
    program = Nockma(formula, gas=gas)
    return of(name, sentence, anoma(increments(1, program), genesis_of({COUNTER: 0})))


def voting(name: str, sentence: str, **changed: int) -> Stage:
    """The stage of an election."""
    options = {"voters": 2, "strangers": 0, "rounds": 2, "duplicates": 0} | changed

    def build(discipline: AnyDiscipline) -> World:
        return election({**options, "delivery": discipline.name})

    return Stage(name, sentence, build)


def committing(name: str, sentence: str, resource_managers: int) -> Stage:
    """The stage of a two-phase commit."""

    def build(discipline: AnyDiscipline) -> World:
        return two_phase_commit(
            {"resource_managers": resource_managers, "delivery": discipline.name}
        )

    return Stage(name, sentence, build)


LOOK_UP_THEN_SET_COLLECTING = of(
    "look-up-then-set-collecting",
    "A transaction reads lazily what the next one writes, on a shard that collects garbage.",
    collecting(anoma((LOOK_UP, SET))),
)
BLIND_UPDATE_COLLECTING = of(
    "blind-update-collecting",
    "A transaction writes what it may read and never asked for, on a shard that collects garbage.",
    collecting(anoma((READS_AND_WRITES_BLINDLY,))),
)


TWO_VOTERS = voting("two-voters", "Two voters, who may end in a tie.")
THREE_VOTERS = voting("three-voters", "Three voters, of whom two agree.", voters=3)
STRANGER = voting("stranger", "Two voters, and a stranger who votes too.", strangers=1)
REPEATED_VOTE = voting(
    "repeated-vote", "One voter, whose vote may arrive twice.", voters=1, duplicates=1
)
COMMITMENT = committing("commitment", "Two resource managers commit or abort.", 2)
ONE_IN_A_POOL = of(
    "one-in-a-pool",
    "One transaction adds one to the counter, by a pool of one executor.",
    pooled(anoma(increments(1), genesis_of({COUNTER: 0}))),
)
TWO_IN_A_POOL = of(
    "two-in-a-pool",
    "Two transactions add one to the counter, by a pool of two executors.",
    evolve(pooled(anoma(increments(2), genesis_of({COUNTER: 0}))), pool_size=2),
)
QUEUE_AT_A_POOL = of(
    "queue-at-a-pool",
    "Two transactions add one to the counter, one after the other, by a pool of one executor.",
    pooled(anoma(increments(2), genesis_of({COUNTER: 0}))),
)
REPEATED_IN_A_POOL = of(
    "repeated-in-a-pool",
    "A pool executes one transaction, and one message may arrive twice.",
    pooled(anoma(increments(1), genesis_of({COUNTER: 0}), duplicates=1)),
)
THREE_EMPTY = of(
    "three-empty",
    "One client has three transactions do nothing, one after the other.",
    anoma(transaction(name, label(), "pass") for name in ("first", "second", "third")),
)
NOCK_INCREMENT = by_nock(
    "nock-increment",
    "A formula adds one to the counter.",
    f"[6 [0 2] [1 1 0] [1 {EXIT}] [[0 6] 4 0 7] 1 0]",
)
LAZY_ON_TWO_SHARDS = of(
    "lazy-on-two-shards",
    "A transaction reads a selector, then lazily one of two keys, on two shards.",
    anoma(CHOICES[:1], SELECTED.set(KVSKey("selector"), KVSDatum(0)), shards=2),
)
RELEASED_COLLECTING = of(
    "released-collecting",
    "A transaction gives a write up that the next one would have read, on a shard that collects garbage.",
    collecting(anoma((GIVES_UP, COPY))),
)
COPIES_COLLECTING = of(
    "copies-collecting",
    "A transaction writes what the next one reads, on a shard that collects garbage.",
    collecting(anoma((SET, COPY))),
)
SET_TWICE_COLLECTING = of(
    "set-twice-collecting",
    "Two transactions write what a third one reads, on a shard that collects garbage.",
    collecting(anoma((SET, MAY_SET, COPY))),
)
SUM_ON_ONE_SHARD = of(
    "sum-on-one-shard", "A transaction adds up two keys of one shard.", anoma((SUM,))
)
ONE_VOTER = voting("one-voter", "One voter, who decides.", voters=1)
READ_HERE_WRITE_THERE = of(
    "read-here-write-there",
    "A transaction reads on one shard and writes on another.",
    anoma((COPY,), shards=2),
)
