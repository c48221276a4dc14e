"""Of every violation a trace is left behind; what was found at random is shortened first."""

from pathlib import Path

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.approach import AtRandom
from models.catalogue.transfer import TRANSFER
from models.checking import Checked, Request, check
from models.model import Model
from models.search.walks import Plan
from models.traces.artifacts import shortened, slug, write_traces
from models.traces.codec import read
from models.traces.document import OfModel, OfTwin
from models.traces.replay import replay, world_for
from models.traces.subject import SubjectError, named


@pytest.fixture
def walked(twin: str) -> Checked:
    """What walks find of the twin."""
    world = named(twin).world
    model = Model("a/b ..c", "other", "", (), lambda _: world)
    return check(model, Request(approach=AtRandom(Plan(200, 7))))


def test_every_violation_leaves_a_trace_that_shows_it_again(
    walked: Checked, twin: str, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "folder"
    files = write_traces(walked, OfTwin(twin), folder)
    assert len(files) == len(walked.violated()) > 0
    assert sorted(folder.iterdir()) == sorted(files)
    for file, found in zip(files, walked.violated(), strict=True):
        assert file.name == f"a-b-c-{slug(found.property.name)}.trace.json"
        trace = read(str(file))
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


def test_names_of_files_are_plain() -> None:
    assert slug("../A b\0\u00e4") == "a-b"
    assert slug("\u00e4") == "run"
    assert len(slug("x" * 500)) == 60
