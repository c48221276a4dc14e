"""What is said to be harmless breaks nothing on the stages that would show it first."""

from typing import Any

import pytest
from attrs import evolve

from models.search.exhaustive import explore
from models.twins import stages
from models.twins.amend import never, with_action
from models.twins.audit import BOUNDS, broken_in
from models.twins.suspicions import SUSPICIONS
from models.twins.twin import Stage, TwinKind, Wrong, wrong
from spec.anoma.executor.behaviour import IgnoreRepeat
from spec.anoma.shard.messages import KVSLockAcquired
from spec.anoma.worker.behaviour import RaiseMark
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Trigger, arrived
from spec.register import clause_of

pytestmark = pytest.mark.no_cover

STAGES = (
    stages.REPEATED_INCREMENT,
    stages.REPEATED_SUM,
    stages.REPEATED_LOOK_UP,
    stages.THREE_EMPTY,
    stages.TWO_INCREMENTS,
    stages.LOOK_UP_THEN_SET,
    stages.SUM_OF_TWO_SHARDS,
)


def _on_acknowledgements(
    output: Any, trigger: Trigger, configuration: Any, environment: Environment[Any]
) -> Effect[Any] | None:
    """The mark is looked at when an acknowledgement arrives, and not otherwise."""
    if arrived(trigger, KVSLockAcquired) is None:
        return Effect(environment)
    return RaiseMark.action(output, trigger, configuration, environment)


HARMLESS = {
    "repeat-left-with-a-running-executor": wrong("executor", never(IgnoreRepeat)),
    "mark-looked-at-on-acknowledgements-only": wrong(
        "worker", with_action(RaiseMark, _on_acknowledgements)
    ),
}


@pytest.mark.parametrize("discipline", [Unordered, Fifo], ids=["unordered", "fifo"])
@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
@pytest.mark.parametrize("change", HARMLESS.values(), ids=[*HARMLESS])
def test_it_does_no_harm(change: Wrong, stage: Stage, discipline: AnyDiscipline) -> None:
    world = stage.build(discipline)
    result = explore(evolve(world, system=change.change(world.system)), BOUNDS, frozenset())
    assert (result.complete, broken_in(result)) == (True, ())


def test_every_suspicion_names_a_rule_and_its_passage_if_it_is_published() -> None:
    assert {*HARMLESS} <= {each.name for each in SUSPICIONS}
    for each in SUSPICIONS:
        assert clause_of(each.rule) is not None, each.name
        assert (each.passage is not None) == (each.kind is TwinKind.PUBLISHED), each.name
