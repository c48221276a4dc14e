"""Versions of objects."""

from pyrsistent import pmap

from spec.anoma.keyvalue import KVSDatum
from spec.soma.object import ObjectId, ObjectKey, Version, with_versions

ONE, TWO = (ObjectKey(ObjectId("x"), Version(number)) for number in (1, 2))


def test_a_new_version_stands_beside_the_old_one() -> None:
    before, made = pmap({ONE: KVSDatum(5)}), pmap({TWO: KVSDatum(6)})
    assert with_versions(before, made) == pmap({ONE: KVSDatum(5), TWO: KVSDatum(6)})
    assert before == pmap({ONE: KVSDatum(5)})
