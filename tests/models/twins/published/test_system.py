"""The published engines to the letter: nothing ends, until three things are repaired."""

from itertools import combinations

import pytest
from attrs import evolve

from models.search.exhaustive import explore
from models.search.result import SearchResult, Status
from models.twins import laws, stages
from models.twins.audit import BOUNDS, broken_in
from models.twins.catalogue import PUBLISHED, twin_named
from models.twins.published.repairs import (
    ABOVE,
    BELOW,
    END,
    GENESIS,
    ID,
    ISSUER,
    LOOK_UP,
    NAME,
    NOTHING,
    OVERWRITTEN,
    REPAIRS,
    SILENCING,
    SUMMARY,
    UNHEARD,
)
from models.twins.published.shard import PublishedShardState
from models.twins.published.system import published_world
from models.twins.twin import Stage
from properties.property import EngineProperty, Evidence, Kind
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.engine import Engine
from spec.formalism.family import FamilyName
from spec.formalism.rule import RuleId

pytestmark = pytest.mark.no_cover

FINISHING = SILENCING | {ISSUER, END, LOOK_UP}
"""What has to be repaired for one transaction to end everywhere."""


def searched(
    stage: Stage, repaired: frozenset[str], discipline: AnyDiscipline = Unordered
) -> SearchResult:
    return explore(published_world(stage.build(discipline), repaired), BOUNDS, frozenset())


def broken(result: SearchResult) -> set[str]:
    assert result.complete
    return {each.name for each in broken_in(result)}


def ends(result: SearchResult) -> bool:
    """Whether anybody is ever told of the end of a transaction."""
    assert result.complete
    fired = {str(rule) for rule in result.coverage.fired}
    return bool(fired & {"client.keep-summary", "worker.keep-summary"})


@pytest.mark.parametrize("discipline", [Unordered, Fifo], ids=["unordered", "fifo"])
@pytest.mark.parametrize(
    "stage",
    [
        stages.ONE_INCREMENT,
        stages.BLIND_WRITE,
        stages.SET_THEN_COPY,
        stages.SUM_OF_TWO_SHARDS,
        stages.LAZY_LOOK,
    ],
    ids=lambda stage: str(stage.name),
)
def test_to_the_letter_no_transaction_ends_in_any_order(
    stage: Stage, discipline: AnyDiscipline
) -> None:
    result = searched(stage, NOTHING, discipline)
    assert not ends(result)
    assert laws.FINISHED in broken(result)
    fired = {str(rule) for rule in result.coverage.fired}
    assert fired & UNHEARD == set()


def test_one_may_end_when_three_things_are_repaired_and_not_before() -> None:
    assert ends(searched(stages.ONE_INCREMENT, SILENCING))
    for pair in combinations(sorted(REPAIRS), 2):
        assert not ends(searched(stages.ONE_INCREMENT, frozenset(pair)))
    for repair in SILENCING:
        assert not ends(searched(stages.ONE_INCREMENT, REPAIRS - {repair}))


def test_one_ends_everywhere_when_three_more_are_repaired() -> None:
    assert laws.FINISHED not in broken(searched(stages.ONE_INCREMENT, FINISHING))
    for repair in FINISHING:
        assert laws.FINISHED in broken(searched(stages.ONE_INCREMENT, FINISHING - {repair}))


def test_two_end_everywhere_only_when_executors_marks_and_windows_are_repaired_too() -> None:
    assert laws.FINISHED not in broken(searched(stages.TWO_INCREMENTS, REPAIRS))
    for repair in (NAME, BELOW, OVERWRITTEN):
        found = broken(searched(stages.TWO_INCREMENTS, REPAIRS - {repair}))
        assert found & {laws.FINISHED, laws.NOT_REFUSED}, repair


def test_the_store_is_reported_right_only_with_the_last_step() -> None:
    assert laws.STORE not in broken(searched(stages.ONE_INCREMENT, REPAIRS))
    assert laws.STORE in broken(searched(stages.ONE_INCREMENT, REPAIRS - {SUMMARY}))


def test_what_can_be_repaired_is_in_the_catalogue() -> None:
    assert {ID, ABOVE, GENESIS} == SILENCING
    assert {name for name in REPAIRS if twin_named(name) is None} == set()
    assert {twin.rule for twin in PUBLISHED if {*twin.hidden_by} >= SILENCING} == UNHEARD


def test_the_mark_of_reads_may_be_ahead_of_that_of_writes() -> None:
    def ahead(shard: Engine) -> Evidence | None:
        local = shard.environment.local
        assert isinstance(local, PublishedShardState)
        return Evidence("ahead") if local.heard_reads > local.heard_writes else None

    seen = EngineProperty(
        "ahead", RuleId("test.ahead"), Kind.SOMETIMES, frozenset({FamilyName("shard")}), ahead
    )
    for discipline in (Unordered, Fifo):
        world = published_world(stages.READ_HERE_WRITE_THERE.build(discipline))
        result = explore(evolve(world, properties=(seen,)), BOUNDS, frozenset())
        assert [each.status for each in result.properties[:1]] == [Status.HOLDS]
