"""The sequential reference: certificates executed one at a time, in the order of versions.

An order respects versions if every version that a certificate names is the newest one of its object
when its turn comes. Versions that are known to be missing are waited for by nobody in it.
"""

from collections.abc import Iterable

from pyrsistent import PMap, pmap

from spec.formalism.rule import Clause, RuleId, Source, Text
from spec.soma.certificate import Certificate, TransactionDigest, versions_written
from spec.soma.execution import Effects, effects_of
from spec.soma.object import ObjectKey, Objects, with_versions


class Serializable(Clause):
    """Executions are equivalent to executing one at a time, in an order that respects versions.

    What each transaction that is executed reads and writes is as if they were executed in an order
    in which every version that a certificate names is the newest of its object.
    """

    id = RuleId("soma.serializable")
    version = 1
    sources = (
        Source(Text.S2, "Proper transaction isolation"),
        Source(Text.PAPER, "Adya: Weak Consistency (1999), PL-3"),
    )
    decides = (
        "Certificates name exact versions, so that the order is theirs, not that of arrival or of "
        "time. All orders that respect versions come to the same."
    )


def unproduced(certificates: Iterable[Certificate], objects: Objects) -> tuple[ObjectKey, ...]:
    """The versions that certificates name, that are not there, and that none of them makes."""
    listed = tuple(certificates)
    made = {key for each in listed for key in versions_written(each, failed=False)}
    named = {key for each in listed for key in each.inputs}
    return tuple(sorted(named - made - set(objects)))


def in_order(
    certificates: Iterable[Certificate],
    objects: Objects,
    missing: frozenset[ObjectKey] = frozenset(),
) -> tuple[Certificate, ...] | None:
    """The certificates in an order that respects versions; nothing if there is none.

    Of all that may be next, the one that stands first is. Those in `missing` are never made.
    """
    left, ordered = list(certificates), list[Certificate]()
    existing = {*objects, *missing}
    while left:
        ready = (each for each in left if may_be_next(each, left, existing, missing))
        chosen = next(ready, None)
        if chosen is None:
            return None
        left.remove(chosen)
        ordered.append(chosen)
        existing |= set(versions_written(chosen, failed=False))
    return tuple(ordered)


def may_be_next(
    certificate: Certificate,
    left: Iterable[Certificate],
    existing: Iterable[ObjectKey],
    missing: frozenset[ObjectKey],
) -> bool:
    """Whether a certificate can come before all others that are left.

    Every version that it names is the newest, what it creates is not there, and nobody else names
    a version after which it makes the next one.
    """
    newest = {key.object: key for key in sorted(existing)}
    names_newest = all(
        key in missing or newest.get(key.object) == key for key in certificate.inputs
    )
    replaced = {key for key in certificate.inputs if key.object in certificate.outputs}
    created = certificate.outputs - {key.object for key in certificate.inputs}
    others = (each for each in left if each is not certificate)
    return (
        names_newest
        and not any(each in newest for each in created)
        and not any(replaced & each.inputs for each in others)
    )


def one_at_a_time(
    ordered: Iterable[Certificate], objects: Objects
) -> PMap[TransactionDigest, Effects]:
    """What certificates do that are executed one at a time, as far as their inputs are there."""
    effects: PMap[TransactionDigest, Effects] = pmap()
    for each in ordered:
        if all(key in objects for key in each.inputs):
            inputs = pmap({key: objects[key] for key in each.inputs})
            done = effects_of(each, inputs)
            objects = with_versions(objects, done.written)
            effects = effects.set(each.digest, done)
    return effects
