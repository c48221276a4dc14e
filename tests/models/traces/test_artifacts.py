"""Of every violation a trace is left behind; what was found at random is shortened first."""

from pathlib import Path

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.approach import AtRandom
from models.catalogue.transfer import TRANSFER
from models.checking import Checked, Request, check
from models.model import Model, World
from models.search.walks import Plan
from models.traces import artifacts
from models.traces.artifacts import shortened, slug, slugs, write_traces
from models.traces.codec import read
from models.traces.document import OfModel, OfTwin
from models.traces.minimise import MOST_TRIES, Minimised, minimised
from models.traces.replay import replay, world_for
from models.traces.subject import SubjectError, named
from properties.property import Property
from spec.formalism.event import Event


@pytest.fixture
def walked(twin: str) -> Checked:
    """What walks find of the twin."""
    world = named(twin).world
    model = Model("a/b ..c", "other", "", (), lambda _: world)
    return check(model, Request(approach=AtRandom(Plan(200, 7))))


def test_every_violation_leaves_a_trace_that_shows_it_again(
    walked: Checked, twin: str, tmp_path: Path
) -> None:
    files = write_traces(walked, OfTwin(twin), tmp_path)
    assert len(files) == len(walked.violated()) > 0
    assert sorted(tmp_path.iterdir()) == sorted(files)
    for (file, written), found in zip(files.items(), walked.violated(), strict=True):
        assert file.name == f"{slug(found.property.name)}.trace.json"
        trace = read(str(file))
        assert trace == written
        assert trace.seed == 7
        assert trace.verdict is not None
        assert trace.verdict.property == found.property.name
        assert replay(trace, world_for(trace, "f")).as_recorded


def test_what_was_found_at_random_is_shortened(walked: Checked) -> None:
    shorter = shortened(walked)
    before, after = walked.violated(), shorter.violated()
    assert {each.property.name for each in before} == {each.property.name for each in after}
    assert sum(len(each.events) for each in after) < sum(len(each.events) for each in before)
    assert evolve(shorter, result=walked.result) == walked


def test_what_was_found_nearest_is_left_as_it_is(twin: str) -> None:
    world = named(twin).world
    checked = check(Model("m", "other", "", (), lambda _: world), Request())
    assert shortened(checked) is checked


def test_a_subject_that_is_not_what_was_checked_is_refused(walked: Checked, tmp_path: Path) -> None:
    with pytest.raises(SubjectError, match="it is not what it was when it was checked"):
        write_traces(walked, OfModel(TRANSFER.name, pmap()), tmp_path)


def test_a_long_run_is_tried_to_be_shortened_less_often(
    walked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def spy(world: World, events: tuple[Event, ...], about: Property, most_tries: int) -> Minimised:
        tried.append(most_tries)
        return minimised(world, events, about, most_tries)

    monkeypatch.setattr(artifacts, "minimised", spy)
    lengths = [len(each.events) for each in walked.result.broken()]
    shortened(walked)
    monkeypatch.setattr(artifacts, "MOST_EVENTS", 10 * lengths[0])
    shortened(walked)
    monkeypatch.setattr(artifacts, "MOST_EVENTS", 1)
    shortened(walked, 1)
    shortened(walked)
    most = min(MOST_TRIES, 30_000 // lengths[0])
    assert tried[:: len(lengths)] == [most, 10, 1, 4]


def test_no_two_files_have_the_same_name() -> None:
    assert slugs(["a == 1", "a = 1", "b", "a > 1"]) == ("a-1", "a-1-2", "b", "a-1-3")


def test_names_of_files_are_plain() -> None:
    assert slug("../A b\0\u00e4") == "a-b"
    assert slug("\u00e4") == "run"
    assert len(slug("x" * 500)) == 60
