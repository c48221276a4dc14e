"""Every twin falls as named, and the reference holds where it falls."""

import re

import pytest
from attrs import evolve

from models.command.listing import listed_properties
from models.search.exhaustive import explore
from models.search.findings import judged_properties
from models.twins.audit import BOUNDS, all_fall, audit, broken_in, stages_of
from models.twins.catalogue import PUBLISHED, SLIPS, TWINS, twin_named
from models.twins.published.repairs import SILENCING
from models.twins.redundancy import BEYOND, KEPT
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Stage, Twin, TwinKind, neighbourhood, world_of
from spec.formalism.delivery import AnyDiscipline
from spec.formalism.rule import Clause, Rule
from spec.register import FORMALISM, REGISTER, SOMA, clause_of

STAGES = stages_of(TWINS)
NAMES = [twin.name for twin in TWINS]
OF_SOMA = {clause.id for clause in SOMA}
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
    "soma.serializable": (0, "a theorem of the other rules: what breaks it is a slip of theirs"),
    "task.ignore-repeat": (1, "to leave a repeat alone does no harm: it is a suspicion"),
    "soma.note-refusal": (1, "nobody asks what sources remember"),
    "soma.note-result": (1, "nobody asks what state sync remembers"),
}
"""The rules with fewer than two slips, with how many there are and why."""

PLACES = sorted(
    {(twin.stage, twin.discipline) for twin in TWINS},
    key=lambda place: (place[0].name, place[1].name),
)
PLACE_NAMES = [f"{stage.name} {discipline.name}" for stage, discipline in PLACES]


# What the properties of the other systems say of broken rules is covered by tests of their own.
FALLING = [
    pytest.param(twin, marks=() if twin.rule in OF_SOMA else pytest.mark.no_cover, id=twin.name)
    for twin in TWINS
]


@pytest.mark.parametrize("twin", FALLING)
def test_it_breaks_the_property_named_for_it_by_a_run_as_short_as_is_known(twin: Twin) -> None:
    result = explore(world_of(twin), BOUNDS, frozenset({twin.breaks}))
    lengths = {each.name: each.length for each in broken_in(result)}
    assert lengths.get(twin.breaks) == twin.length


@pytest.mark.no_cover
def test_every_property_is_named_by_a_twin() -> None:
    judged = {
        each.name for twin in TWINS for each in judged_properties(twin.stage.build(twin.discipline))
    }
    named = {twin.breaks for twin in TWINS}
    assert judged == named
    assert {*KEPT} <= named
    assert {each.property.name for each in listed_properties()} - named == {*BEYOND}


def test_what_shows_only_beside_another_published_defect_is_known() -> None:
    company = {twin.name for twin in PUBLISHED if twin.beside}
    assert company == {"second-write-overwrites", "last-write-sent-first"}


@pytest.mark.no_cover
@pytest.mark.parametrize(("stage", "discipline"), PLACES, ids=PLACE_NAMES)
def test_the_reference_holds_where_twins_fall(stage: Stage, discipline: AnyDiscipline) -> None:
    result = explore(stage.build(discipline), BOUNDS, frozenset())
    assert (result.complete, broken_in(result)) == (True, ())


def wrong_parts(twin: Twin) -> list[str]:
    """What differs from the reference: ids of rules, and laws."""
    right = neighbourhood(twin, twin.discipline).system
    wrong = world_of(twin).system
    assert set(right.families) == set(wrong.families)
    families = [(right.families[name], wrong.families[name]) for name in right.families]
    rules = [
        old.id
        for one, other in families
        for old, new in zip(one.rules, other.rules, strict=True)
        if old is not new and old.id == new.id
    ]
    solvers = ["law" for one, other in families if one.solve is not other.solve]
    system = ["law"] if type(right) is not type(wrong) else []
    delivery = ["law"] if right.discipline is not wrong.discipline else []
    return [*rules, *solvers, *system, *delivery]


@pytest.mark.no_cover
def test_each_differs_in_the_rule_that_it_names_or_in_one_law() -> None:
    laws = {each.id for each in REGISTER if each in FORMALISM or not issubclass(each, Rule)}
    parts = {twin.name: wrong_parts(twin) for twin in TWINS}
    assert [name for name, wrong in parts.items() if len(wrong) != 1] == []
    assert [
        twin.name for twin in TWINS if twin.rule not in laws and parts[twin.name] != [twin.rule]
    ] == []


def test_each_names_a_rule_of_the_register() -> None:
    assert {twin.name for twin in TWINS if clause_of(twin.rule) is None} == set()


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


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("twin", "other"), HIDDEN, ids=[f"{twin.name} by {other.name}" for twin, other in HIDDEN]
)
def test_beside_what_hides_it_a_defect_makes_no_difference(twin: Twin, other: Twin) -> None:
    world = twin.stage.build(twin.discipline)
    alone = evolve(world, system=other.wrong.change(world.system))
    both = evolve(world, system=twin.wrong.change(alone.system))
    results = [explore(each, BOUNDS, frozenset({twin.breaks})) for each in (alone, both)]
    lengths = [{each.name: each.length for each in broken_in(result)} for result in results]
    assert lengths[0].get(twin.breaks) == lengths[1].get(twin.breaks)


def test_what_hides_a_defect_or_stands_beside_it_is_a_published_defect_too() -> None:
    published = {twin.name for twin in PUBLISHED}
    for twin in TWINS:
        assert {*twin.hidden_by} <= published, twin.name


@pytest.mark.parametrize("clause", REGISTER, ids=[clause.id for clause in REGISTER])
def test_every_rule_has_slips_of_two_kinds_or_a_reason_why_not(clause: type[Clause]) -> None:
    shown = {
        (twin.breaks, twin.length, twin.stage.name) for twin in SLIPS if twin.rule == clause.id
    }
    if clause.id in FEW_SLIPS:
        assert len(shown) == FEW_SLIPS[clause.id][0]
    else:
        assert len(shown) > 1


@pytest.mark.no_cover
def test_several_twins_are_audited_together() -> None:
    first = TWINS[:3]
    assert all_fall(audit(first))
