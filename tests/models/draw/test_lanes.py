"""The model of lanes: who is there from when to when, and what happens to whom."""

from collections.abc import Callable

import pytest
from attrs import evolve

from models.draw.lanes import NETWORK, Diagram, Lane, What, diagram_of, title_of
from models.draw.run import Run, Shown
from models.model import World
from models.traces.subject import named
from properties.property import Kind
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.messages import KVSAcquireLock, KVSRead
from spec.formalism.engine import Refusal
from spec.formalism.identity import on_local_node
from spec.formalism.rule import RuleId
from spec.soma.manager.messages import Enqueue

LastRun = Callable[[str, World, int], Run]

REFUSAL = Refusal((RuleId("a.rule"),), "it may not be")


@pytest.fixture(scope="module")
def run(last_run: LastRun) -> Run:
    """A run of certificates, one after the other."""
    return last_run("soma-chain", named("soma-chain").world, 60)


@pytest.fixture(scope="module")
def diagram(run: Run) -> Diagram:
    """What a drawing of it shows."""
    return diagram_of(run)


def test_lanes_stand_as_their_families_begin_and_then_by_name(diagram: Diagram) -> None:
    names = [each.name for each in diagram.lanes]
    tasks = [each for each in names if each.startswith("task.")]
    assert names == ["source.1", "manager", "driver", *tasks, "authority"]
    assert tasks == ["task.1", "task.2", "task.3"]


def test_a_lane_begins_where_its_engine_is_created_and_ends_where_that_ends(
    run: Run, diagram: Diagram
) -> None:
    births = {str(name): at for at, each in enumerate(run.records, 1) for name in each.spawned}
    for place, lane in enumerate(diagram.lanes):
        assert lane.birth == births.get(lane.name, 0)
        assert lane.spawner == (2 if lane.birth else None)
        acts = [act for act in diagram.acts if act.lane == place]
        last = next((act.step for act in acts if "-> Finished()" in " ".join(act.changes)), None)
        assert lane.end == last
    assert [each.end is not None for each in diagram.lanes] == [
        each.family == "task" for each in diagram.lanes
    ]


def test_an_act_tells_what_the_trace_tells(run: Run, diagram: Diagram) -> None:
    assert [act.text for act in diagram.acts] == [step.event for step in run.steps]
    assert [diagram.lanes[act.lane].name for act in diagram.acts] == [
        step.engine for step in run.steps
    ]
    for act, step in zip(diagram.acts, run.steps, strict=True):
        assert act.changes == tuple(map(str, step.changes))
        assert act.lines[0] == f"by {', '.join(step.rules)}"
    assert {act.what for act in diagram.acts} == {What.TAKES, What.ELAPSES}


def test_the_network_has_a_lane_where_it_does_something(hostile: Run) -> None:
    diagram = diagram_of(hostile)
    assert diagram.lanes[-1] == Lane(NETWORK, "", 0, None, None)
    last = len(diagram.lanes) - 1
    assert [(act.lane, act.what) for act in diagram.acts[:3]] == [
        (last, What.DUPLICATES),
        (last, What.LOSES),
        (1, What.TAKES),
    ]


def test_arrows_lead_to_the_lane_in_which_they_are_taken(diagram: Diagram) -> None:
    acts = {act.step: act for act in diagram.acts}
    taken = [arrow for arrow in diagram.arrows if arrow.taken is not None]
    assert [acts[each.taken or 0].lane for each in taken] == [each.target for each in taken]
    assert [acts[each.taken or 0].title for each in taken] == [each.title for each in taken]
    assert len(taken) == sum(act.what is What.TAKES for act in diagram.acts)


def test_nothing_that_does_not_print_is_in_a_diagram(run: Run) -> None:
    shown = Shown(1, "a\nb", "r\u202e", Kind.ALWAYS, "f\x00", ("d\n",))
    diagram = diagram_of(evolve(run, name="n\n", notes=("o\n",), shown=(shown,)))
    assert (diagram.name, diagram.notes) == ("n\\n", ("o\\n",))
    assert diagram.shown == (Shown(1, "a\\nb", "r\\u202e", Kind.ALWAYS, "f\\x00", ("d\\n",)),)


def test_titles_name_what_is_short() -> None:
    seen = Observation(KVSDatum(5), TxFingerprint(0))
    label = TransactionLabel(frozenset({KVSKey("x")}))
    one = TxFingerprint(1)
    assert title_of(KVSRead(one, KVSKey("x"), seen)) == "KVSRead(1, x, 5@0)"
    assert title_of(KVSAcquireLock(one, label, on_local_node("e"))) == "KVSAcquireLock(1)"
    world = named("soma-chain").world
    [box, *_] = world.state.mailboxes.values()
    bodies = [each.body for each in world.system.discipline.lines(box)[0]]
    assert isinstance(bodies[0], Enqueue)
    assert title_of(bodies[0]) == f"Enqueue({bodies[0].certificate.digest})"
    assert title_of(7) == "int"


def test_a_refused_step_says_so(run: Run) -> None:
    refused = evolve(run.records[0], refusal=REFUSAL)
    diagram = diagram_of(evolve(run, records=(refused, *run.records[1:])))
    assert [act.refused for act in diagram.acts[:2]] == [True, False]
