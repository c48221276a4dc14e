"""Where the published engines and the reference answer differently: examples that CrossHair found.

They are made small, and run without it.
"""

import pytest

from tests.contracts.__main__ import complaint
from tests.contracts.analysis import Verdict, difference
from tests.contracts.child import NoAnswer
from tests.contracts.pairs import (
    ALIKE,
    ARGUMENTS,
    AXES,
    DIFFERENT,
    pair_of,
    published_axis,
    reference_axis,
)

EXAMPLES = [
    # A read at the mark of writes, and one below the mark of reads.
    ("is_answered", (3, 3, 0), False, True),
    ("is_answered", (1, 2, 2), False, True),
    # The value at GENESIS is not seen, and a pending write that may come is passed over.
    ("version", (1, 3, False, False), None, 0),
    ("version", (2, 1, False, False), None, None),
    ("version_since_genesis", (2, 1, False, False), 0, None),
    ("version_since_genesis", (2, 1, True, False), None, None),
    # A transaction that only reads need not be locked for the mark of writes to pass it.
    ("mark_of_writes", (False, False), 1, 0),
    ("mark_of_writes", (True, False), 0, 0),
    # The mark is overwritten.
    ("mark_heard", (1, 0), 0, 1),
    ("mark_heard", (0, 1), 1, 1),
    # All executors of a worker have one name, and shards are told an id without a node.
    ("executors_differ", (0, 1), False, True),
    ("executor_is_found", ("here",), False, True),
    ("executor_is_found", ("",), True, True),
    # Shards are compared by their names.
    ("keys_of_a_shard", ("there",), 2, 1),
    ("keys_of_a_shard", ("here",), 2, 2),
    # Labels are not looked at.
    ("is_ordered", (True, True, False, False), True, False),
    ("is_ordered", (False, False, True, True), True, False),
    ("is_ordered", (True, False, True, False), True, True),
    # A large atom costs no more than a small one.
    ("increment", (62,), ((1 << 62) + 1, 2), ((1 << 62) + 1, 2)),
    ("increment", (63,), ((1 << 63) + 1, 2), ((1 << 63) + 1, 3)),
]


@pytest.mark.parametrize(("name", "given", "published", "reference"), EXAMPLES)
def test_both_answer_as_crosshair_found(
    name: str, given: tuple[object, ...], published: object, reference: object
) -> None:
    pair = pair_of(name)
    assert (pair.published(*given), pair.reference(*given)) == (published, reference)


def test_an_edit_looks_up_every_half_from_the_root_by_the_page() -> None:
    pair = pair_of("edit")
    answers = [(pair.published(axis), pair.reference(axis)) for axis in (1, 2, 4, 8)]
    assert all(page[0] == reference[0] for page, reference in answers)
    assert [(page[1], reference[1]) for page, reference in answers] == [
        (3, 3),
        (5, 5),
        (9, 7),
        (15, 9),
    ]


def test_opcodes_cost_other_gas_and_the_cell_test_takes_another_argument() -> None:
    pair = pair_of("opcode")
    costs = {
        opcode: tuple(answer and answer[1] for answer in answers)
        for opcode in range(len(ARGUMENTS))
        if len(set(answers := (pair.published(opcode), pair.reference(opcode)))) > 1
    }
    assert costs == {1: (0, 1), 2: (2, 4), 3: (None, 2), 6: (8, 5), 9: (6, 5)}


def test_both_find_the_same_at_every_axis_for_the_same_gas() -> None:
    assert [published_axis(axis) for axis in AXES] == [reference_axis(axis) for axis in AXES]


def test_every_pair_that_differs_has_an_example() -> None:
    named = {name for name, _, published, reference in EXAMPLES if published != reference}
    assert named | {"edit", "opcode"} == {pair.name for pair in DIFFERENT}


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["mark_of_writes", "mark_heard", "is_ordered"])
def test_crosshair_finds_the_difference(name: str) -> None:
    assert difference(pair_of(name)) is not None


def test_a_pair_that_is_not_as_it_is_known_is_named() -> None:
    differs, alike = DIFFERENT[0], ALIKE[0]
    late = NoAnswer(Verdict.TIMED_OUT)
    assert complaint(differs, "at=1: 2, and by the reference 3") is None
    assert complaint(differs, None) == "shows no difference"
    assert complaint(alike, None) is None
    assert complaint(alike, "axis=1: 2") == "differs: axis=1: 2"
    assert complaint(differs, late) == complaint(alike, late) == "is timed out"
