"""Certificates: transactions on exact versions of objects, and the versions that they write."""

from typing import NewType

from attrs import frozen

from spec.anoma.runnable import AnyRunnable
from spec.formalism.rule import Clause, RuleId, Source, Text
from spec.soma.epoch import EpochId
from spec.soma.object import FIRST, ObjectId, ObjectKey, Version

TransactionDigest = NewType("TransactionDigest", str)
"""What tells a transaction apart, in whichever epoch it is certified."""

CommitDigest = NewType("CommitDigest", str)
"""What tells a consensus commit apart."""

CommitIndex = NewType("CommitIndex", int)
"""The place of a consensus commit in the order of commits."""


@frozen(order=True)
class Commit:
    """The consensus commit that a certificate came with; it is carried, and no program sees it."""

    digest: CommitDigest
    """What tells it apart."""
    index: CommitIndex
    """Its place among the commits."""


@frozen(cache_hash=True)
class Certificate:
    """A transaction that was certified for an epoch."""

    digest: TransactionDigest
    """The digest of the transaction."""
    epoch: EpochId
    """The epoch in which it may execute."""
    inputs: frozenset[ObjectKey]
    """The exact versions that it reads, at most one of each object."""
    outputs: frozenset[ObjectId]
    """The objects of which it makes a version; those that are no inputs are created."""
    executable: AnyRunnable
    """Its program: it reads inputs and writes outputs, by the names of objects."""
    commit: Commit | None = None
    """The consensus commit that it came with, if it came with one."""


class Versions(Clause):
    """An execution makes, of each output, the version after the one that it has as an input.

    An output that is no input is created, with version 1. A certificate whose program fails makes
    the next version of the outputs that it has as inputs, unchanged, and creates nothing.
    """

    id = RuleId("soma.versions")
    version = 1
    sources = (
        Source(Text.TREADLE, "SEMANTICS: Soma, certificate"),
        Source(Text.S2, "Prioritizes transaction execution based on dependencies"),
    )
    decides = (
        "S2 does not say what a version is. The public code gives all outputs of an execution one "
        "Lamport version, above all its inputs: then no certificate could name a version before it "
        "is known which inputs have how high a version. Without the next versions of a program "
        "that fails, whoever comes after it on the same object would wait for ever: the model "
        "`soma-failing` shows it."
    )


def versions_written(certificate: Certificate, *, failed: bool) -> tuple[ObjectKey, ...]:
    """The versions that the execution of a certificate makes, in the order of objects."""
    current = {key.object: key.version for key in sorted(certificate.inputs)}
    return tuple(
        ObjectKey(each, Version(current[each] + 1) if each in current else FIRST)
        for each in sorted(certificate.outputs)
        if each in current or not failed
    )
