"""SVG pictures of runs: whole, well-formed, with nothing in them that is not of the run."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from models.draw.run import Run, Shown
from models.draw.svg import svg
from models.model import World
from models.traces.subject import named
from properties.property import Kind

LastRun = Callable[[str, World, int], Run]

SVG = "{http://www.w3.org/2000/svg}"
BAD = "</script><img src=x onerror=alert(1)>\n\u202e;#end %% \" ' \x00 ]]> &lt;"
CYCLE = (
    f"T1 -ww({BAD})-> T2: T1 wrote version 1 of {BAD}, T2 wrote the next one",
    "T2 -rw(x)-> T1: T2 read version 0 of x, T1 wrote the next one",
)


def read(text: str) -> ET.Element:
    """What a picture consists of."""
    return ET.fromstring(text)  # noqa: S314  # text of our own


def classes(picture: ET.Element, kind: str) -> list[ET.Element]:
    """The elements of a class."""
    return [each for each in picture.iter() if kind in each.get("class", "").split()]


def texts(picture: ET.Element) -> list[str]:
    """What can be read in a picture, line by line."""
    return ["".join(each.itertext()) for each in picture.iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def run(last_run: LastRun) -> Run:
    """A run in which engines are created and end."""
    return last_run("soma-chain", named("soma-chain").world, 60)


def test_a_picture_has_every_step_every_message_and_every_engine(run: Run) -> None:
    picture = read(svg(run))
    steps = [each.get("data-step") for each in classes(picture, "act")]
    assert steps == [str(step) for step in range(1, len(run.steps) + 1)]
    taken = [each.get("data-taken") for each in classes(picture, "message")]
    deliveries = [at for at, each in enumerate(run.records, 1) if each.consumed is not None]
    assert sorted(int(each) for each in taken if each) == deliveries
    assert len(classes(picture, "header")) == len(run.states[-1].engines)
    assert len(classes(picture, "end")) == 3


def test_hovering_over_a_step_tells_all_of_it(run: Run) -> None:
    picture = read(svg(run))
    titles = [each.findtext(f"{SVG}title") for each in classes(picture, "act")]
    for title, step in zip(titles, run.steps, strict=True):
        assert title is not None
        assert step.event in title
        assert all(str(change) in title for change in step.changes)


def test_a_picture_says_what_is_broken_where_and_why(run: Run) -> None:
    shown = Shown(5, "nothing is wrong", "a.rule", Kind.ALWAYS, "something is", ("so it is",))
    picture = read(svg(evolve(run, shown=(shown,))))
    found = texts(picture)
    assert "✗ broken: nothing is wrong" in found
    assert found.count("broken after step 5 (always, a.rule): nothing is wrong") == 2
    assert {"something is", "so it is"} < set(found)
    assert [each.get("data-shown") for each in picture.iter() if each.get("data-shown")] == [
        "5"
    ] * 2


def test_a_cycle_of_dependencies_is_drawn_as_a_graph(run: Run) -> None:
    shown = Shown(5, "no cycle", "a.rule", Kind.ALWAYS, "a cycle", CYCLE)
    picture = read(svg(evolve(run, shown=(shown,))))
    assert [each.get("marker-end") for each in classes(picture, "edge")] == ["url(#head-bad)"] * 2
    assert len(classes(picture, "node")) == 2
    assert {"T1", "T2", "rw x"} < set(texts(picture))
    assert classes(read(svg(run)), "edge") == []


def test_nothing_in_names_and_evidence_acts(hostile: Run) -> None:
    shown = Shown(5, BAD, BAD, Kind.AT_REST, BAD, CYCLE)
    bad = evolve(hostile, name=BAD, shown=(shown,), notes=(BAD,))
    picture = read(svg(bad))
    names = {each.tag.removeprefix(SVG) for each in picture.iter()}
    assert names == {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g"),
        *("line", "text", "circle"),
    }
    assert not any(
        key.startswith("on") or "href" in key for each in picture.iter() for key in each.attrib
    )
    assert any(
        "</script><img src=x onerror=alert(1)>\\n\\u202e;#end" in line for line in texts(picture)
    )


def test_a_long_run_is_folded_and_says_so(last_run: LastRun) -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    picture = read(svg(last_run("long", world, 200)))
    assert [text for text in texts(picture) if "folded" in text] == [
        "⋮  128 steps folded: 25 to 152  ⋮"
    ]
    assert len(classes(picture, "act")) == 72


def test_a_run_without_steps_can_be_drawn(run: Run) -> None:
    start = evolve(run, events=(), records=(), steps=(), states=run.states[:1])
    picture = read(svg(start))
    assert texts(picture)[0] == "soma-chain: 0 steps"
    assert len(classes(picture, "header")) == len(run.states[0].engines)


def test_pictures_have_both_themes_and_load_nothing(run: Run) -> None:
    text = svg(run)
    assert "prefers-color-scheme: dark" in text
    assert text.count("http") == 1  # the name space
