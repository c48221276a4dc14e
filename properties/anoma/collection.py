"""Garbage collection is invisible: what may still be read is read as if nothing were forgotten."""

from attrs import evolve

from properties.property import Evidence, Kind, Step, StepProperty
from properties.reaction_laws import answer_to, trigger_of
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.behaviour import CollectGarbage
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState, heard_all
from spec.anoma.shard.timeline import ReadStatus, Timeline, WriteStatus
from spec.formalism.engine import Reaction
from spec.formalism.event import Deliver

Prospect = tuple[tuple[TxFingerprint, KVSDatum | None], ...]
"""What a read may come to see, newest first: pending writes, and the first value below them."""

_OPEN = frozenset({ReadStatus.PENDING, ReadStatus.UNASKED})


def visible_collection(step: Step) -> Evidence | None:
    """A read that may still be answered, and otherwise than without collection, if there is one.

    The shard's step is done again by its family without the rule that collects; then every open
    read and every read at a timestamp above the mark, which may still be announced, is compared.
    """
    if CollectGarbage.id not in step.record.fired or not isinstance(step.record.event, Deliver):
        return None
    message = step.record.event.message
    before = step.before.engines[message.target]
    after: ShardState = step.after.engines[message.target].environment.local
    family = step.system.family_of(before)
    keeping = evolve(
        family, rules=tuple(rule for rule in family.rules if rule.id != CollectGarbage.id)
    )
    kept = answer_to(keeping, before, trigger_of(step.record.event, before))
    if not isinstance(kept, Reaction):
        return None
    uncollected: ShardState = kept.environment.local
    return _compared(before.configuration, uncollected, after)


def _compared(
    configuration: ShardConfiguration, kept: ShardState, collected: ShardState
) -> Evidence | None:
    mark = heard_all(configuration, kept)
    for key in sorted(kept.timelines):
        found = _loss(kept.timelines[key], collected.timelines.get(key), mark)
        if found is not None:
            return _evidence(key, found)
    return None


def _evidence(key: KVSKey, found: str) -> Evidence:
    return Evidence(f"collection shows in {key}: {found}")


def _loss(whole: Timeline, rest: Timeline | None, mark: TxFingerprint) -> str | None:
    """What differs between a timeline and what collection left of it, if anything that matters."""
    if rest is None:
        return "its timeline is gone"
    open_reads = [at for at in sorted(whole) if is_open(whole, at)]
    for at in open_reads:
        if not is_open(rest, at):
            return f"the read at {at} is forgotten"
    above = [TxFingerprint(at + 1) for at in sorted({mark, *whole}) if at >= mark]
    for at in (*open_reads, *above):
        due, found = prospect(whole, at), prospect(rest, at)
        if due != found:
            return f"a read at {at} may see {_in_words(found)}, should be {_in_words(due)}"
    return None


def is_open(timeline: Timeline, at: TxFingerprint) -> bool:
    """Whether a read of the transaction may still have to be answered."""
    read = timeline[at].read if at in timeline else None
    return read is not None and read.status in _OPEN


def prospect(timeline: Timeline, at: TxFingerprint) -> Prospect:
    """What a read at a timestamp may come to see, whatever becomes of pending writes."""
    seen: Prospect = ()
    for earlier in sorted((each for each in timeline if each < at), reverse=True):
        write = timeline[earlier].write
        if write is not None and write.status is not WriteStatus.RELEASED:
            seen = (*seen, (earlier, write.datum))
            if write.status is WriteStatus.WRITTEN:
                return seen
    return seen


def _in_words(seen: Prospect) -> str:
    versions = (f"{'?' if datum is None else datum} (version {at})" for at, datum in seen)
    return " or ".join(versions) or "nothing"


COLLECTION_IS_INVISIBLE = StepProperty(
    "garbage collection is invisible",
    CollectGarbage.id,
    Kind.ALWAYS,
    visible_collection,
    alone=True,
)
"""Judged on every step of a shard that collects."""
