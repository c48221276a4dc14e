"""Every twin falls as named, and the reference holds where it falls."""

import re
from functools import cache

import pytest
from attrs import evolve

from models.search.exhaustive import explore
from models.search.findings import judged_properties
from models.twins.audit import (
    BOUNDS,
    Audited,
    Outcome,
    all_fall,
    audit,
    broken_in,
    redundancies,
    stages_of,
    visible_alone,
)
from models.twins.catalogue import PUBLISHED, SLIPS, TWINS, twin_named
from models.twins.published.repairs import SILENCING
from models.twins.redundancy import KEPT
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Stage, Twin, TwinKind, neighbourhood, world_of
from spec.formalism.delivery import AnyDiscipline, Fifo
from spec.formalism.rule import Clause
from spec.register import ANOMA, COMMIT, FORMALISM, VOTING, clause_of

STAGES = stages_of(TWINS)
NAMES = [twin.name for twin in TWINS]
CLAUSES = FORMALISM + VOTING + COMMIT + ANOMA
FEW_SLIPS = {
    "system.rest": (0, "a definition: no engine and no mailbox could keep to it otherwise"),
    "anoma.serializable": (0, "a theorem of the other rules: what breaks it is a slip of theirs"),
    "engine.unhandled": (
        0,
        "the published simulator drops such messages: that is the one other way",
    ),
    "engine.react": (1, "the published simulator has the other one"),
    "engine.clock": (1, "the published simulator has the other one"),
    "engine.pure": (1, "a function is pure or it is not"),
    "system.messages": (1, "what mailboxes do wrong else is a slip of their disciplines"),
    "delivery.set": (1, "messages that do not stay are the discipline `unordered`"),
    "executor.ignore-repeat": (1, "to leave a repeat alone does no harm: it is a suspicion"),
    "voting.note-refusal": (1, "nobody asks what voters remember"),
}
"""The rules with fewer than two slips, with how many there are and why."""

PLACES = sorted(
    {(twin.stage, each) for twin in TWINS for each in (twin.discipline, Fifo)},
    key=lambda place: (place[0].name, place[1].name),
)
PLACE_NAMES = [f"{stage.name} {discipline.name}" for stage, discipline in PLACES]


@cache
def found(twin: Twin) -> Audited:
    """What the audit finds of a twin."""
    return audit((twin,))[0]


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_it_falls_as_named(twin: Twin) -> None:
    result = found(twin)
    assert (result.outcome, result.length) == (Outcome.FALLS, twin.length)


def test_every_property_is_named_by_a_twin() -> None:
    judged = {
        each.name for twin in TWINS for each in judged_properties(twin.stage.build(twin.discipline))
    }
    assert judged - {twin.breaks for twin in TWINS} == set()


def test_it_is_written_down_why_redundant_properties_are_kept() -> None:
    worth = redundancies(found(twin) for twin in TWINS)
    assert {each.name for each in worth if not each.alone} == {*KEPT}


def test_every_published_defect_is_visible_alone_but_for_those_that_need_another() -> None:
    alone = visible_alone(found(twin) for twin in PUBLISHED)
    company = {twin.name for twin in PUBLISHED if twin.beside}
    assert {each.twin.name for each in alone} == {twin.name for twin in PUBLISHED} - company
    assert company == {"second-write-overwrites", "last-write-sent-first"}


@pytest.mark.parametrize(("stage", "discipline"), PLACES, ids=PLACE_NAMES)
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
    laws = int(type(right) is not type(wrong)) + int(right.discipline is not wrong.discipline)
    assert len(pairs) + solvers + laws == 1
    laws_of_all = {clause.id for clause in FORMALISM}
    assert all(old.id == new.id for old, new in pairs)
    assert all(old.id == twin.rule or twin.rule in laws_of_all for old, _ in pairs)


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_it_is_judged_on_a_property_of_its_world(twin: Twin) -> None:
    names = {each.name for each in judged_properties(world_of(twin))}
    assert twin.breaks in names
    assert clause_of(twin.rule) is not None


def test_names_are_short_kebab_case_and_unlike_each_other() -> None:
    names = [*NAMES, *(each.name for each in SUSPICIONS)]
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


HIDDEN = [
    (twin, other)
    for twin in PUBLISHED
    for name in twin.hidden_by
    if name not in SILENCING and (other := twin_named(name)) and other.rule != twin.rule
]


@pytest.mark.parametrize(
    ("twin", "other"), HIDDEN, ids=[f"{twin.name} by {other.name}" for twin, other in HIDDEN]
)
def test_beside_what_hides_it_a_defect_makes_no_difference(twin: Twin, other: Twin) -> None:
    world = twin.stage.build(twin.discipline)
    alone = evolve(world, system=other.wrong.change(world.system))
    both = evolve(world, system=twin.wrong.change(alone.system))
    lengths = [
        {each.name: each.length for each in broken_in(explore(each_world, BOUNDS, frozenset()))}
        for each_world in (alone, both)
    ]
    assert lengths[0].get(twin.breaks) == lengths[1].get(twin.breaks)


def test_what_hides_a_defect_or_stands_beside_it_is_a_published_defect_too() -> None:
    published = {twin.name for twin in PUBLISHED}
    for twin in TWINS:
        assert {*twin.hidden_by} <= published, twin.name


@pytest.mark.parametrize("clause", CLAUSES, ids=[clause.id for clause in CLAUSES])
def test_every_rule_has_slips_of_two_kinds_or_a_reason_why_not(clause: type[Clause]) -> None:
    shown = {
        (twin.breaks, twin.length, twin.stage.name) for twin in SLIPS if twin.rule == clause.id
    }
    if clause.id in FEW_SLIPS:
        assert len(shown) == FEW_SLIPS[clause.id][0]
    else:
        assert len(shown) > 1


def test_several_twins_are_audited_together() -> None:
    first = TWINS[:3]
    assert all_fall(audit(first))
