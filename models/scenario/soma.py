"""Scenario files about Soma: certificates on versions of objects, in TOML.

    system = "soma"             required
    limit = 1                   how many tasks may run at a time, 1 to 64; default 1
    delivery = "unordered"      default; or "fifo"
    epochs = 1                  how many epochs begin after the first, at any time, 0 to 8; default 0
    closes = true               whether the channel is closed, at any time; default false
    [objects]                   at the start: the value of version 1, or a version with its value
    x = 10
    y = { version = 4, value = 20 }
    [missing]                   versions that certificates name and that there never will be
    z = 7
    [faults]                    optional, each 0 to 8
    duplicates = 0
    losses = 0
    crashes = 1                 how many tasks may crash, at any point
    [[certificate]]             one or more
    name = "a"                  required: the digest of its transaction
    epoch = 0                   0 to 8; default 0
    inputs = { x = 1 }          optional: the exact versions that it reads
    outputs = ["x"]             optional: the objects of which it makes a version
    program = ""                optional (models/scenario/language.py)
    commit = { digest = "c", index = 7 }    optional: the consensus commit that it came with
    sources = ["source"]        who brings it to the manager; default one of that name
    synced = false              default; or true: state sync has it executed too
    [[expect]]                  any number (models/scenario/expect.py), about newest versions

The same name may stand again with another epoch: then nothing else may differ. Refused are versions
that nobody makes, and certificates without an order in which every version that they name is the
newest.
"""

from collections.abc import Iterable

from attrs import evolve, frozen
from pyrsistent import pmap

from models.scenario.document import Document
from models.scenario.expect import Expectation
from models.scenario.file import DISCIPLINES, MAX_FAULTS, compiled_program, expectations_in
from models.scenario.table import KEY_NAME, Table, is_name, quoted
from models.soma_worlds import SomaSetting, certified_once
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.formalism.delivery import Unordered
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.state import Faults
from spec.soma.certificate import (
    Certificate,
    Commit,
    CommitDigest,
    CommitIndex,
    TransactionDigest,
)
from spec.soma.epoch import EpochId
from spec.soma.object import FIRST, ObjectId, ObjectKey, Objects, Version
from spec.soma.sequential import in_order, unproduced
from spec.soma.system import Circumstances, Enqueues

SOMA = "soma"
"""What a file says that is about Soma."""

MAX_LIMIT = 64
"""How many tasks there may be at a time."""

MAX_EPOCH = 8
"""How many epochs may begin."""

MAX_VERSION = 1_000_000
"""The highest version that a file may name."""

SOMA_KEYS = (
    *("system", "limit", "delivery", "epochs", "closes"),
    *("objects", "missing", "faults", "certificate", "expect"),
)
"""What a file may say."""

CERTIFICATE_KEYS = (
    *("name", "epoch", "inputs", "outputs", "program", "commit", "sources", "synced"),
)
"""What may be said of a certificate."""

SOURCE = "source"
"""Who brings certificates of which nothing else is said."""


@frozen
class Entry:
    """What a file says of one certificate."""

    table: Table
    """Where it says so."""
    certificate: Certificate
    """The certificate."""
    sources: tuple[str, ...]
    """Who brings it to the manager."""
    synced: bool
    """Whether state sync has it executed too."""


@frozen
class SomaScenario:
    """What a scenario file about Soma says."""

    file: str
    """The file, as its user named it."""
    setting: SomaSetting
    """What its world is made of."""
    expectations: tuple[Expectation, ...] = ()
    """What its author expects of the newest versions."""


def is_about_soma(document: Document) -> bool:
    """Whether a file says that it is about Soma."""
    return document.values.get("system") == SOMA


def soma_scenario_in(document: Document) -> SomaScenario:
    """The scenario that a file about Soma describes; a ScenarioError where it describes none."""
    top = Table(document.file, "", document.values)
    top.refuse_others(SOMA_KEYS)
    objects = objects_in(top.table("objects"))
    entries = entries_in(top, document)
    missing = frozenset(versions_in(top.table("missing")))
    faults = top.table("faults")
    faults.refuse_others(("duplicates", "losses", "crashes"))
    given = Circumstances(
        objects,
        enqueues_of(entries),
        top.number_in("limit", 1, MAX_LIMIT, default=1),
        tuple(each.certificate for each in entries if each.synced),
        tuple(EpochId(at + 1) for at in range(top.number_in("epochs", 0, MAX_EPOCH, default=0))),
        closes=top.boolean("closes") or False,
        crashes=faults.number_in("crashes", 0, MAX_FAULTS, default=0),
    )
    setting = SomaSetting(
        given,
        missing,
        DISCIPLINES[top.choice("delivery", tuple(DISCIPLINES)) or Unordered.name],
        Faults(
            faults.number_in("duplicates", 0, MAX_FAULTS, default=0),
            faults.number_in("losses", 0, MAX_FAULTS, default=0),
        ),
    )
    refuse_contradictions(top, entries, setting)
    keys = named_objects(given)
    return SomaScenario(document.file, setting, expectations_in(top, keys, document))


def objects_in(table: Table) -> Objects:
    """The versions that there are at the start."""
    found: dict[ObjectKey, KVSDatum] = {}
    for name in table.keys_named_here():
        version, place, key = FIRST, table, str(name)
        if isinstance(table.values[name], dict):
            place, key = table.table(name), "value"
            place.refuse_others(("version", "value"))
            version = Version(place.number_in("version", 1, MAX_VERSION, default=FIRST))
        value = place.integer(key)
        if value is None:
            raise place.own_error("it has no value", "value = 10")
        found[ObjectKey(ObjectId(name), version)] = KVSDatum(value)
    return pmap(found)


def versions_in(table: Table) -> tuple[ObjectKey, ...]:
    """The versions that a table of objects names."""
    return tuple(
        ObjectKey(ObjectId(name), Version(table.number_in(name, 1, MAX_VERSION, default=FIRST)))
        for name in table.keys_named_here()
    )


def entries_in(top: Table, document: Document) -> tuple[Entry, ...]:
    """The certificates, in their order; of one name, at most one for each epoch."""
    entries: list[Entry] = []
    for index, table in enumerate(top.tables("certificate")):
        table.refuse_others(CERTIFICATE_KEYS)
        entry = entry_in(table, index, document)
        for other in entries:
            refuse_repetition(entry, other)
        entries.append(entry)
    if not entries:
        raise top.own_error("there is no certificate", "one [[certificate]] at least")
    return tuple(entries)


def entry_in(table: Table, index: int, document: Document) -> Entry:
    """One certificate, with who brings it."""
    name = table.string("name")
    if name is None:
        raise table.own_error("the certificate has no name", 'name = "…"')
    if not is_name(name):
        raise table.error("name", f"it is {quoted(name)}", KEY_NAME.replace("key", "certificate"))
    certificate = Certificate(
        TransactionDigest(name),
        EpochId(table.number_in("epoch", 0, MAX_EPOCH, default=0)),
        frozenset(versions_in(table.table("inputs"))),
        frozenset(ObjectId(each) for each in table.keys_of_the_store("outputs")),
        compiled_program(table, ("certificate", index, "program"), document),
        commit_in(table),
    )
    brought = table.keys_of_the_store("sources") if "sources" in table.values else {SOURCE}
    synced = table.boolean("synced") or False
    if not brought and not synced:
        raise table.error("sources", "nobody brings it", "a source, or synced = true")
    return Entry(table, certificate, tuple(sorted(brought)), synced)


def commit_in(table: Table) -> Commit | None:
    """The consensus commit that a certificate came with, if it came with one."""
    commit = table.table("commit")
    commit.refuse_others(("digest", "index"))
    if not commit.values:
        return None
    digest = commit.string("digest")
    if digest is None:
        raise commit.own_error("the commit has no digest", 'digest = "…"')
    index = commit.number_in("index", 0, MAX_VERSION, default=0)
    return Commit(CommitDigest(digest), CommitIndex(index))


def refuse_repetition(entry: Entry, other: Entry) -> None:
    """Refuse a certificate that stands there already, or another transaction of the same name."""
    one, two = entry.certificate, other.certificate
    if one.digest != two.digest:
        return
    if one.epoch == two.epoch:
        what = f"{quoted(one.digest)} is certified for epoch {one.epoch} in {other.table.place} too"
        raise entry.table.error("name", what, "a name of its own, or another epoch")
    if evolve(one, epoch=two.epoch, commit=two.commit) != two:
        what = f"{quoted(one.digest)} is another transaction in {other.table.place}"
        raise entry.table.error("name", what, "the same inputs, outputs and program in each epoch")


def enqueues_of(entries: Iterable[Entry]) -> tuple[Enqueues, ...]:
    """What each source brings, in the order of the file."""
    brought: dict[EngineId, tuple[Certificate, ...]] = {}
    for entry in entries:
        for source in entry.sources:
            name = on_local_node(source if source == SOURCE else f"{SOURCE}.{source}")
            brought[name] = (*brought.get(name, ()), entry.certificate)
    return tuple(Enqueues(name, brought[name]) for name in sorted(brought))


def refuse_contradictions(top: Table, entries: tuple[Entry, ...], setting: SomaSetting) -> None:
    """Refuse versions that nobody makes, and certificates that have no order."""
    given = setting.circumstances
    certificates = certified_once(given)
    strange = [
        each for each in unproduced(certificates, given.objects) if each not in setting.missing
    ]
    for entry in entries:
        for key in sorted(entry.certificate.inputs):
            if key in strange:
                expected = (
                    "a version of [objects], one that a certificate makes, or one of [missing]"
                )
                raise entry.table.error("inputs", f"nobody makes {key}", expected)
    if in_order(certificates, given.objects, setting.missing) is None:
        what = "the certificates contradict each other"
        raise top.own_error(what, "an order in which every version that is named is the newest")


def named_objects(given: Circumstances) -> frozenset[KVSKey]:
    """The objects that the file names."""
    certificates = certified_once(given)
    outputs = {name for each in certificates for name in each.outputs}
    inputs = {key.object for each in certificates for key in each.inputs}
    return frozenset(
        KVSKey(name) for name in {key.object for key in given.objects} | outputs | inputs
    )
