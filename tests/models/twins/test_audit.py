"""The audit tells of every twin that does not fall as named."""

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import never
from models.twins.audit import (
    Audited,
    Broken,
    Outcome,
    Redundancy,
    all_fall,
    audit,
    falls,
    redundancies,
    stages_of,
    visible_alone,
)
from models.twins.catalogue import twin_named
from models.twins.twin import Defect, Needs, Twin, TwinKind, Wrong, wrong
from spec.anoma.shard.behaviour import AnswerReads, UpdateMark
from spec.formalism.delivery import Fifo, Unordered

FALLING = Twin(
    TwinKind.SLIP,
    "reads-are-never-answered",
    Defect.MARKS,
    "No read is ever answered.",
    wrong("shard", never(AnswerReads)),
    stages.ONE_INCREMENT,
    laws.FINISHED,
    6,
)
"""A twin that falls."""

SURVIVOR = evolve(FALLING, name="survivor", wrong=wrong("shard", AnswerReads))
"""A twin that is the reference."""


def outcome_of(twin: Twin) -> Outcome:
    (result,) = audit((twin,))
    return result.outcome


def test_a_twin_that_breaks_what_it_must_by_the_known_run_falls() -> None:
    (result,) = audit((FALLING,))
    also = (Broken(laws.PENDING, 6),)
    assert result == Audited(FALLING, Outcome.FALLS, 6, also, under_fifo=True, complete=True)
    assert all_fall((result,))


def test_a_twin_that_breaks_nothing_survives() -> None:
    (result,) = audit((SURVIVOR,))
    expected = Audited(SURVIVOR, Outcome.SURVIVES, None, (), under_fifo=False, complete=True)
    assert result == expected
    assert not all_fall((result,))


def test_one_survivor_is_enough_for_the_audit_to_fail() -> None:
    assert not all_fall(audit((FALLING, SURVIVOR)))


def test_a_twin_that_breaks_another_property_does_not_fall_as_named() -> None:
    assert outcome_of(evolve(FALLING, breaks=laws.READ_ONCE)) is Outcome.ELSEWHERE


def test_a_run_of_another_length_is_told() -> None:
    (result,) = audit((evolve(FALLING, length=7),))
    assert (result.outcome, result.length) == (Outcome.LENGTH, 6)


def test_a_twin_that_is_said_to_need_reordering_and_does_not_is_told() -> None:
    assert outcome_of(evolve(FALLING, needs=Needs.REORDERING)) is Outcome.DELIVERY


def test_a_twin_that_needs_reordering_does_not_fall_without() -> None:
    twin = twin_named("mark-overwritten")
    assert twin is not None
    assert (falls(twin, Unordered), falls(twin, Fifo)) == (True, False)
    assert outcome_of(evolve(twin, needs=Needs.NOTHING)) is Outcome.DELIVERY


def test_a_neighbourhood_that_breaks_the_property_itself_is_told() -> None:
    twin = evolve(SURVIVOR, beside=(FALLING,))
    assert outcome_of(twin) is Outcome.UNSOUND


def test_a_neighbourhood_that_breaks_another_property_is_sound_for_this_one() -> None:
    twin = evolve(FALLING, beside=(evolve(FALLING, wrong=Wrong(UpdateMark.id, lambda s: s)),))
    assert outcome_of(twin) is Outcome.FALLS


def test_a_property_is_redundant_where_every_twin_breaks_another_too() -> None:
    first = Audited(FALLING, Outcome.FALLS, 6, (Broken("b", 1),), under_fifo=True, complete=True)
    second = evolve(first, twin=evolve(FALLING, name="second", breaks="b"), also=())
    assert redundancies((first, second)) == (
        Redundancy("b", ("second",), ("second",)),
        Redundancy(laws.FINISHED, (FALLING.name,), ()),
    )


def test_only_published_defects_without_company_are_visible_alone() -> None:
    slip = Audited(FALLING, Outcome.FALLS, 6, (), under_fifo=True, complete=True)
    published = evolve(slip, twin=evolve(FALLING, kind=TwinKind.PUBLISHED))
    beside = evolve(slip, twin=evolve(FALLING, kind=TwinKind.PUBLISHED, beside=(FALLING,)))
    unseen = evolve(published, length=None)
    assert visible_alone((slip, published, beside, unseen)) == (published,)


def test_stages_are_told_once_each() -> None:
    other = evolve(FALLING, stage=stages.TWO_INCREMENTS)
    assert stages_of((FALLING, SURVIVOR, other)) == (stages.ONE_INCREMENT, stages.TWO_INCREMENTS)
