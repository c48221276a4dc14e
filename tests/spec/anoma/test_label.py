"""Labels: which keys they name, and when they are malformed."""

import pytest

from spec.anoma.keyvalue import KVSKey
from spec.anoma.label import (
    NO_KEYS,
    LabelFault,
    TransactionLabel,
    fault_of,
    readable,
    restricted,
    touched,
    writable,
)

A, B, C, D = (KVSKey(name) for name in "abcd")
LABEL = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({C}), frozenset({D}))


def test_the_label_without_keys_is_well_formed() -> None:
    assert fault_of(TransactionLabel()) is None


def test_a_key_may_be_both_read_and_written_in_every_combination() -> None:
    crosswise = TransactionLabel(frozenset({A, C}), frozenset({B}), frozenset({A}), frozenset({B}))
    assert fault_of(crosswise) is None


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        (TransactionLabel(frozenset({A, B}), frozenset({B})), LabelFault.READS_OVERLAP),
        (
            TransactionLabel(will_writes=frozenset({A, B}), may_writes=frozenset({B})),
            LabelFault.WRITES_OVERLAP,
        ),
        (
            TransactionLabel(frozenset({A}), frozenset({A}), frozenset({A}), frozenset({A})),
            LabelFault.READS_OVERLAP,
        ),
    ],
)
def test_a_key_both_eager_and_lazy_or_both_will_and_may_is_a_fault(
    label: TransactionLabel, fault: LabelFault
) -> None:
    assert fault_of(label) is fault


def test_eager_and_lazy_keys_are_readable() -> None:
    assert readable(LABEL) == frozenset({A, B})


def test_will_and_may_keys_are_writable() -> None:
    assert writable(LABEL) == frozenset({C, D})


def test_a_label_touches_the_keys_of_all_four_sets() -> None:
    assert touched(LABEL) == frozenset({A, B, C, D})


def test_restricting_a_label_keeps_each_key_in_its_own_set() -> None:
    assert restricted(LABEL, frozenset({A, D})) == TransactionLabel(
        frozenset({A}), NO_KEYS, NO_KEYS, frozenset({D})
    )
    assert restricted(LABEL, frozenset({B, C})) == TransactionLabel(
        NO_KEYS, frozenset({B}), frozenset({C}), NO_KEYS
    )
