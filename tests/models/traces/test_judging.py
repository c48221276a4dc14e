"""Runs are judged as searches judge them."""

from models.search.result import PropertyResult
from models.traces.judging import Play, Stage
from models.traces.subject import Named, named


def test_what_a_search_finds_is_found_at_the_end_of_its_run(
    fallen: PropertyResult, twin: str
) -> None:
    stage = Stage(named(twin).world)
    sights = stage.judged(fallen.events)
    found = [(each.step, each.evidence) for each in sights if each.property == fallen.property]
    assert found == [(7, fallen.evidence)]
    names = [each.property.name for each in stage.judged(fallen.events[:6])]
    assert names == [each.property.name for each in sights if each.step <= 6]
    assert fallen.property.name not in names


def test_what_is_about_rest_is_found_only_there() -> None:
    play = Play(Stage(named("executor-id-without-node").world))
    while play.go_on():
        pass
    assert "at rest" not in {each.property.kind.value for each in play.sights}
    play.end()
    about = [each for each in play.sights if each.property.kind.value == "at rest"]
    assert {each.step for each in about} == {len(play.events)}


def test_an_event_that_is_not_enabled_is_not_taken(voting: Named) -> None:
    play = Play(Stage(voting.world))
    first = voting.world.system.enabled(voting.world.state)[0]
    assert [play.take(first), play.take(first)] == [True, False]
    assert play.events == [first]
