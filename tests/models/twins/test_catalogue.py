"""Every twin falls as named, and the reference holds where it falls."""

import re

import pytest

from models.search.exhaustive import explore
from models.search.findings import judged_properties
from models.twins.audit import BOUNDS, Outcome, all_fall, audit, broken_in, stages_of
from models.twins.catalogue import PUBLISHED, TWINS, twin_named
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Stage, Twin, TwinKind, neighbourhood, world_of
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.register import clause_of

STAGES = stages_of(TWINS)
NAMES = [twin.name for twin in TWINS]


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_it_falls_as_named(twin: Twin) -> None:
    (result,) = audit((twin,))
    assert (result.outcome, result.length) == (Outcome.FALLS, twin.length)


@pytest.mark.parametrize("discipline", [Unordered, Fifo], ids=["unordered", "fifo"])
@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_the_reference_holds_where_twins_fall(stage: Stage, discipline: AnyDiscipline) -> None:
    result = explore(stage.build(discipline), BOUNDS, frozenset())
    assert (result.complete, broken_in(result)) == (True, ())


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_it_differs_in_one_rule_of_one_family_or_in_one_law(twin: Twin) -> None:
    right = neighbourhood(twin, twin.discipline).system
    wrong = world_of(twin).system
    assert set(right.families) == set(wrong.families)
    pairs = [
        (old, new)
        for name in right.families
        for old, new in zip(right.families[name].rules, wrong.families[name].rules, strict=True)
        if old is not new
    ]
    solvers = sum(
        right.families[name].solve is not wrong.families[name].solve for name in right.families
    )
    laws = (type(right) is not type(wrong)) + (right.discipline is not wrong.discipline)
    assert len(pairs) + solvers + laws == 1
    assert all(old.id == new.id == twin.rule for old, new in pairs)


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_it_is_judged_on_a_property_of_its_world(twin: Twin) -> None:
    names = {each.name for each in judged_properties(world_of(twin))}
    assert twin.breaks in names
    assert clause_of(twin.rule) is not None


def test_names_are_short_kebab_case_and_unlike_each_other() -> None:
    names = [each.name for each in (*TWINS, *SUSPICIONS)]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", name)] == []
    assert [twin_named(twin.name) for twin in TWINS] == list(TWINS)
    assert twin_named("nothing") is None


def test_stages_of_one_name_are_one_stage() -> None:
    stages = stages_of(TWINS)
    assert len({stage.name for stage in stages}) == len(stages)


def test_every_published_defect_cites_its_passage_and_no_slip_does() -> None:
    cited = {twin.name for twin in TWINS if twin.passage is not None}
    assert cited == {twin.name for twin in TWINS if twin.kind is TwinKind.PUBLISHED}
    assert cited == {twin.name for twin in PUBLISHED}


def test_what_hides_a_defect_or_stands_beside_it_is_a_published_defect_too() -> None:
    published = {twin.name for twin in PUBLISHED}
    for twin in TWINS:
        assert {*twin.hidden_by} <= published, twin.name


def test_several_twins_are_audited_together() -> None:
    first = TWINS[:3]
    assert all_fall(audit(first))
