"""Scenario files: transactions, and what their author expects of them, in TOML.

    system = "anoma"            required
    shards = 2                  1 to 64; default 1
    arrival = "any"             default; or "given"
    delivery = "unordered"      default; or "fifo"
    garbage_collection = false  default; or true: shards that forget what nobody can need any more
    [genesis]                   optional: the values of keys at the start; other keys hold 0
    alice = 10
    [placement]                 optional: the shards of keys, called "shard.1", "shard.2"…
    alice = "shard.2"
    [faults]                    optional: how many messages the network may duplicate and lose, each 0 to 8
    duplicates = 1
    losses = 0
    [[transaction]]             one or more
    name = "pay"                required, unlike every other one's
    reads = []                  all lists of keys are optional
    lazy_reads = []
    writes = []
    may_writes = []
    program = ""                optional (models/scenario/language.py)
    [[expect]]                  any number (models/scenario/expect.py)
    at_rest = "alice == 10"     either this
    always = "alice >= 0"       or this

Keys without a placement are spread over all shards in sorted order, round robin. The names of keys and
transactions are not empty, and nothing in them is unprintable. Everything else is refused, in one line:
the file, the place (line and column, or the dotted key with lists counted from 0), what is wrong, and
what was expected.
"""

from collections.abc import Iterable

from attrs import frozen
from pyrsistent import PMap, pmap

from models.scenario.document import Document, read_document
from models.scenario.errors import ScenarioError
from models.scenario.expect import EXPRESSION, Expectation, compile_expectation
from models.scenario.language import compile_program
from models.scenario.positions import KeyPath
from models.scenario.table import KEY_NAME, Table, is_name, quoted
from models.worlds import Arrival, NamedCandidate, Setting, keys_of, shard_ids, spread
from properties.property import Kind
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.program import Program
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.formalism.delivery import Fifo, Unordered
from spec.formalism.state import Faults

SYSTEMS = ("anoma", "soma")
"""The systems that scenarios can be about; models/scenario/soma.py reads those about the second."""

DISCIPLINES = {discipline.name: discipline for discipline in (Unordered, Fifo)}
"""How mailboxes may deliver."""

MAX_SHARDS = 64
"""How many shards there may be."""

MAX_FAULTS = 8
"""How many faults of a kind there may be."""

FILE_KEYS = (
    *("system", "shards", "arrival", "delivery", "garbage_collection"),
    *("genesis", "placement", "faults", "transaction", "expect"),
)
"""What a file may say."""

TRANSACTION_KEYS = ("name", "reads", "lazy_reads", "writes", "may_writes", "program")
"""What may be said of a transaction."""

EXPECT_KINDS = {"at_rest": Kind.AT_REST, "always": Kind.ALWAYS}
"""When an expectation may be judged."""


@frozen
class Scenario:
    """What a scenario file says."""

    file: str
    """The file, as its user named it."""
    system: str
    """Whose engines it is about."""
    setting: Setting
    """What its world is made of."""
    expectations: tuple[Expectation, ...] = ()
    """What its author expects of the store."""


def read_scenario(file: str) -> Scenario:
    """The scenario in a file; a ScenarioError where it is none."""
    return scenario_in(read_document(file))


def scenario_in(document: Document) -> Scenario:
    """The scenario that a TOML file describes; a ScenarioError where it describes none."""
    top = Table(document.file, "", document.values)
    if not top.values:
        raise top.own_error("the file is empty", 'system = "anoma" and a [[transaction]]')
    top.refuse_others(FILE_KEYS)
    system = top.choice("system", SYSTEMS)
    if system is None:
        raise top.own_error("no system is given", 'system = "anoma"')
    if system != SYSTEMS[0]:
        raise top.error("system", f"it is {quoted(system)}", quoted(SYSTEMS[0]))
    transactions = transactions_in(top, document)
    genesis = genesis_in(top.table("genesis"))
    keys = keys_of(transactions, genesis)
    setting = Setting(
        transactions,
        placement_in(top, keys),
        genesis,
        arrival_in(top),
        DISCIPLINES[top.choice("delivery", tuple(DISCIPLINES)) or Unordered.name],
        faults_in(top.table("faults")),
        COLLECTING_SHARD if top.boolean("garbage_collection") else SHARD,
    )
    return Scenario(document.file, system, setting, expectations_in(top, keys, document))


def arrival_in(top: Table) -> Arrival:
    """In which order the requests reach the worker."""
    choices = tuple(arrival.value for arrival in Arrival)
    return Arrival(top.choice("arrival", choices) or Arrival.ANY.value)


def faults_in(table: Table) -> Faults:
    """How many faults may happen."""
    table.refuse_others(("duplicates", "losses"))
    return Faults(
        table.number_in("duplicates", 0, MAX_FAULTS, default=0),
        table.number_in("losses", 0, MAX_FAULTS, default=0),
    )


def genesis_in(table: Table) -> PMap[KVSKey, KVSDatum]:
    """The values of keys at the start."""
    values = {key: table.integer(key) for key in table.keys_named_here()}
    return pmap({key: KVSDatum(value) for key, value in values.items() if value is not None})


def placement_in(top: Table, keys: Iterable[KVSKey]) -> Placement:
    """The shards, and which of them keeps which key: as the file says, the rest round robin."""
    count = top.number_in("shards", 1, MAX_SHARDS, default=1)
    shards = {str(shard): shard for shard in shard_ids(count)}
    table = top.table("placement")
    chosen = {key: table.string(key) for key in table.keys_named_here()}
    for key, shard in chosen.items():
        if shard not in shards:
            names = f'"shard.1" to "shard.{count}"' if count > 1 else '"shard.1"'
            raise table.error(key, f"there is no shard {quoted(shard or '')}", names)
    rest = spread(set(keys) - set(chosen), count)
    placed = {key: shards[shard] for key, shard in chosen.items() if shard is not None}
    return Placement(rest.shards, pmap({**rest.assigned, **placed}))


def transactions_in(top: Table, document: Document) -> tuple[NamedCandidate, ...]:
    """The transactions, in their order; their names differ."""
    tables = tuple(top.tables("transaction"))
    if not tables:
        raise top.own_error("there is no transaction", "one [[transaction]] at least")
    names: dict[str, str] = {}
    transactions: list[NamedCandidate] = []
    for index, table in enumerate(tables):
        table.refuse_others(TRANSACTION_KEYS)
        name = transaction_name(table)
        if name in names:
            what = f"{quoted(name)} is the name of {names[name]} too"
            raise table.error("name", what, "a name of its own for every transaction")
        names[name] = table.place
        label = label_in(table, name)
        program = compiled_program(table, ("transaction", index, "program"), document)
        transactions.append(NamedCandidate(name, TransactionCandidate(label, program)))
    return tuple(transactions)


def transaction_name(table: Table) -> str:
    """What a transaction is called."""
    name = table.string("name")
    if name is None:
        raise table.own_error("the transaction has no name", 'name = "…"')
    if not is_name(name):
        raise table.error("name", f"it is {quoted(name)}", KEY_NAME.replace("key", "transaction"))
    return name


def label_in(table: Table, name: str) -> TransactionLabel:
    """What a transaction may touch: no key both eagerly and lazily read, or both will and may written."""
    label = TransactionLabel(
        table.keys_of_the_store("reads"),
        table.keys_of_the_store("lazy_reads"),
        table.keys_of_the_store("writes"),
        table.keys_of_the_store("may_writes"),
    )
    for first, second, both in (
        ("reads", "lazy_reads", label.eager_reads & label.lazy_reads),
        ("writes", "may_writes", label.will_writes & label.may_writes),
    ):
        for key in sorted(both):
            what = f"{quoted(key)} of transaction {quoted(name)} is in {first} too"
            raise table.error(second, what, f"every key in one of {first} and {second} only")
    return label


def compiled_program(table: Table, path: KeyPath, document: Document) -> Program:
    """The program of a transaction; the empty one if none is given."""
    text = table.string("program") or ""
    try:
        return compile_program(text, document.file)
    except ScenarioError as error:
        raise document.relocated(error, path, text) from None


def expectations_in(
    top: Table, keys: frozenset[KVSKey], document: Document
) -> tuple[Expectation, ...]:
    """What the author expects, in the order of the file; no two are the same expression."""
    expectations: list[Expectation] = []
    for index, table in enumerate(top.tables("expect")):
        table.refuse_others(tuple(EXPECT_KINDS))
        if len(table.values) != 1:
            what = "both at_rest and always" if table.values else "neither at_rest nor always"
            raise table.own_error(what, f"one of them: {EXPRESSION}")
        (kind,) = table.values
        path = ("expect", index, kind)
        expectation = expectation_in(table, kind, keys, path, document)
        if expectation.text in (other.text for other in expectations):
            raise table.error(kind, "the same expectation again", "an expectation of its own")
        expectations.append(expectation)
    return tuple(expectations)


def expectation_in(
    table: Table, kind: str, keys: frozenset[KVSKey], path: KeyPath, document: Document
) -> Expectation:
    """One expectation."""
    text = table.string(kind) or ""
    try:
        return compile_expectation(text, EXPECT_KINDS[kind], keys, document.file)
    except ScenarioError as error:
        raise document.relocated(error, path, text) from None
