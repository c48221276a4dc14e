"""What a trace is of is kept so that it can be had again, and refused where it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.errors import InputError
from models.model import World
from models.scenario.build import load_scenario
from models.traces.document import Network, OfFile, OfModel, OfScenario, OfTwin, Subject
from models.traces.subject import SubjectError, named, network_of, world_of
from models.twins.catalogue import TWINS
from spec.formalism.event import Event
from spec.formalism.state import state_digest

RandomRun = Callable[[World, int, int], list[Event]]

ROOT = Path(__file__).parents[3]

USERS = """
from models.catalogue import model_named
MINE = model_named("voting")
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def same(one: World, other: World) -> bool:
    """Whether two worlds start alike, and are judged alike."""
    names = [[each.name for each in world.properties] for world in (one, other)]
    starts = [state_digest(world.state) for world in (one, other)]
    networks = [network_of(world.system) for world in (one, other)]
    return all(first == second for first, second in (names, starts, networks))


def test_all_parameters_of_a_model_are_kept() -> None:
    found = named("voting", {"voters": 2})
    assert isinstance(found.subject, OfModel)
    assert dict(found.subject.parameters) == {
        "voters": 2,
        "strangers": 0,
        "rounds": 2,
        "delivery": "unordered",
        "duplicates": 0,
    }
    assert same(world_of(found.subject), found.world)


def test_a_scenario_about_soma_is_kept(here: Path) -> None:
    text = (ROOT / "docs" / "scenarios" / "certificates.toml").read_text(encoding="utf-8")
    (here / "soma.toml").write_text(text, encoding="utf-8")
    found = named("soma.toml")
    assert found.subject == OfScenario("soma.toml", text)
    assert same(found.world, load_scenario("soma.toml").build({}))


def test_the_text_of_a_scenario_is_kept(here: Path, scenario: str) -> None:
    file = here / "odd.toml"
    file.write_text(scenario, encoding="utf-8")
    found = named("odd.toml")
    file.unlink()
    assert found.subject == OfScenario("odd.toml", scenario)
    assert same(world_of(found.subject), found.world)
    assert network_of(found.world.system) == Network("fifo", 1, 1)


def test_a_model_in_a_file_is_kept_by_path_and_name(here: Path) -> None:
    (here / "mine.py").write_text(USERS, encoding="utf-8")
    found = named("mine.py:MINE")
    assert isinstance(found.subject, OfFile)
    assert (found.subject.path, found.subject.name) == ("mine.py", "MINE")
    assert same(world_of(found.subject), found.world)


@pytest.mark.parametrize("twin", TWINS[::20], ids=[twin.name for twin in TWINS[::20]])
def test_a_twin_is_kept_by_its_name(twin: object) -> None:
    name = str(getattr(twin, "name", ""))
    found = named(name)
    assert found.subject == OfTwin(name)
    assert same(world_of(found.subject, network_of(found.world.system)), found.world)


@pytest.mark.parametrize(
    ("subject", "complaint"),
    [
        (OfModel("nothing"), "there is no built-in model 'nothing'"),
        (OfModel("voting", pmap({"x": 1})), "the model voting has no parameter 'x'"),
        (OfModel("voting", pmap({"voters": 99})), "-p voters=99: expected an integer from 1 to 5"),
        (OfModel("voting", pmap({"voters": "2"})), "the model voting: voters is '2'"),
        (OfModel("voting", pmap({"delivery": "x"})), "-p delivery=x: expected unordered or fifo"),
        (OfScenario("a.toml", "x = "), "its scenario is refused: a.toml:1:5: TOML syntax error"),
        (OfScenario("a.toml", "\ud800"), "its scenario is refused"),
        (OfScenario("a.toml", "#" * 1_000_001), "more than 1000000 characters"),
        (OfTwin("nothing"), "there is no twin 'nothing'"),
        (OfFile("no.py", "M"), "it is of no.py:M, which cannot be had: no.py: no such file"),
        (OfFile("../no.py", "M"), "../no.py:M, which does not lie below the current folder"),
        (OfFile("/no.py", "M"), "/no.py:M, which does not lie below the current folder"),
        (OfFile("no.txt", "M"), "no.txt:M, which does not lie below the current folder"),
    ],
)
def test_what_there_is_not_is_refused(subject: Subject, complaint: str) -> None:
    with pytest.raises(SubjectError) as caught:
        world_of(subject)
    assert complaint in str(caught.value)


def test_a_discipline_that_there_is_not_is_refused() -> None:
    network = evolve(Network("unordered", 0, 0), discipline="x")
    with pytest.raises(SubjectError, match="there is no discipline 'x'"):
        world_of(OfTwin(TWINS[0].name), network)


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="no such model or file"):
        named("nothing")
