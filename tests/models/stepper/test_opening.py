"""What a user names: models, scenarios, twins, worlds, traces."""

from pathlib import Path

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.catalogue.counter import COUNTERS
from models.errors import InputError
from models.stepper.opening import given, gone_through, open_session
from models.stepper.session import Session
from models.target import is_trace
from models.traces.codec import save
from models.traces.document import OfModel, OfScenario, OfTwin
from models.traces.replay import replay

SCENARIO = """
system = "anoma"
[genesis]
x = 1
[[transaction]]
name = "add"
reads = ["x"]
writes = ["x"]
program = '''
write("x", read("x") + 1)
'''
[[expect]]
at_rest = "x == 3"
"""


def test_every_kind_of_thing_can_be_stepped_through(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    sessions = [open_session(each) for each in ("counter", file, "shards-compared-by-name")]
    kinds = [type(each.subject) for each in sessions]
    assert kinds == [OfModel, OfScenario, OfTwin]
    assert open_session(COUNTERS).subject == sessions[0].subject
    world = open_session(sessions[0].world)
    assert world.enabled() == sessions[0].enabled()
    scenario = sessions[1]
    scenario.random(1000)
    assert [each.property.name for each in scenario.here.broken] == ["x == 3"]


def test_parameters_are_those_that_were_given() -> None:
    model = model_named("counter")
    assert model is not None
    three = open_session("counter", given("counter", ["transactions=3"]))
    assert len(three.enabled()) == 3
    own = open_session(evolve(model, name="mine"), {"transactions": 1})
    assert (own.name, own.subject, len(own.enabled())) == ("mine", None, 1)


def test_a_world_that_has_no_name_cannot_be_saved(counter: Session) -> None:
    with pytest.raises(InputError, match="no name that a trace could give it"):
        open_session(counter.world).trace()


def test_the_run_of_a_trace_lies_ahead(resting: Session, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    save(resting.trace(), file)
    session = open_session(file)
    assert (session.here.step, session.end.step, session.notice) == (0, 20, "")
    session.to("end")
    assert session.events() == resting.events()
    with pytest.raises(InputError, match="nothing to undo"):
        open_session(file).undo()


def test_a_trace_whose_name_does_not_say_so_is_known_by_how_it_begins(
    resting: Session, tmp_path: Path
) -> None:
    file = tmp_path / "run.trace"
    save(resting.trace(), file)
    session = open_session(file)
    assert (session.subject, session.end.step) == (resting.subject, resting.end.step)
    with pytest.raises(InputError, match="its parameters are fixed"):
        given(str(file), ["transactions=3"])
    file.write_text(SCENARIO, encoding="utf-8")
    assert not is_trace(str(file))


def test_a_run_that_parts_from_what_was_recorded_lies_ahead_as_far_as_it_goes(
    resting: Session,
) -> None:
    trace = resting.trace()
    steps = (*trace.steps[:3], trace.steps[0], *trace.steps[4:])
    session = gone_through(replay(evolve(trace, steps=steps), resting.world), "run")
    assert session.end.step == 3
    assert session.notice == "the paths part at step 4: what happened then cannot happen now"


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("nothing", [], "nothing: no such model or file; "),
        ("none.json", [], "none.json: there is no such file; expected a trace "),
        ("counter", ["shards=x"], "-p shards=x: expected an integer from 1 to 8"),
        ("counter", ["x=1"], "-p x: no such parameter; there is "),
        ("shards-compared-by-name", ["x=1"], "shards-compared-by-name: its parameters are fixed"),
        ("none.json", ["x=1"], "none.json: its parameters are fixed"),
    ],
)
def test_what_cannot_be_opened_is_refused(name: str, settings: list[str], said: str) -> None:
    with pytest.raises(InputError) as refused:
        open_session(name, given(name, settings))
    assert str(refused.value).startswith(said)
