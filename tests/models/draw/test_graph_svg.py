"""State graphs as SVG: well formed, with every state, arrow and label in it, and nothing outside the picture."""

import re
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from models.draw.graph_svg import MOST_LINES, graph_svg, lines_of
from models.draw.graphs import Arrow, Label, Node, StateGraph, graph_of
from models.traces.subject import named

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graphs() -> dict[str, StateGraph]:
    """Small graphs: one wider than high, one higher than wide, and one that breaks something."""
    return {
        "wide": graph_of("wide", named("two-phase-commit", {"resource_managers": 2}).world),
        "high": graph_of("high", named("soma-never").world),
        "broken": graph_of("broken", named("executors-share-a-name").world),
    }


def groups(text: str, kind: str) -> list[ET.Element]:
    """The groups of a kind in a picture."""
    found = ET.fromstring(text).iter(f"{SVG}g")  # noqa: S314  # written here
    return [each for each in found if kind in each.get("class", "").split()]


def numbers(text: str) -> list[float]:
    """The numbers in a text."""
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text)]


def said(element: ET.Element) -> str:
    """What is written in a group, without its tip."""
    return "\n".join(each.text or "" for each in element.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", ["wide", "high", "broken"])
def test_every_state_and_every_arrow_is_in_the_picture(
    graphs: dict[str, StateGraph], name: str
) -> None:
    graph, text = graphs[name], graph_svg(graphs[name])
    root = ET.fromstring(text)  # noqa: S314  # written here
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    states = groups(text, "state")
    assert [said(each) for each in states] == ["\n".join(lines_of(node)) for node in graph.nodes]
    assert len(groups(text, "step")) == len(graph.arrows)
    for element in root.iter():
        if element.tag == f"{SVG}rect" and element.get("x"):
            box = [float(element.get(each, "")) for each in ("x", "y", "width", "height")]
            assert 0 <= box[0] <= box[0] + box[2] <= width
            assert 0 <= box[1] <= box[1] + box[3] <= height
    for arrow in groups(text, "step"):
        places = numbers(next(arrow.iter(f"{SVG}path")).get("d", ""))
        assert all(0 <= x <= width for x in places[::2])
        assert all(0 <= y <= height for y in places[1::2])


def test_layers_follow_each_other_where_the_picture_is_narrower(
    graphs: dict[str, StateGraph],
) -> None:
    def corners(name: str) -> list[tuple[float, float]]:
        boxes = [next(each.iter(f"{SVG}rect")) for each in groups(graph_svg(graphs[name]), "state")]
        return [(float(box.get("x", "")), float(box.get("y", ""))) for box in boxes]

    depths = {name: [node.depth for node in graphs[name].nodes] for name in graphs}
    for name, axis in (("wide", 0), ("high", 1)):
        places = {
            depth: corner[axis] for depth, corner in zip(depths[name], corners(name), strict=True)
        }
        assert [places[depth] for depth in sorted(places)] == sorted(places.values())
        for depth, corner in zip(depths[name], corners(name), strict=True):
            assert corner[axis] == places[depth]


def test_arrows_lead_from_the_side_of_a_state_to_that_of_another(
    graphs: dict[str, StateGraph],
) -> None:
    graph, text = graphs["wide"], graph_svg(graphs["wide"])
    boxes = [
        [float(box.get(each, "")) for each in ("x", "y", "width", "height")]
        for box in (next(each.iter(f"{SVG}rect")) for each in groups(text, "state"))
    ]
    starts = set()
    for arrow, drawn in zip(graph.arrows, groups(text, "step"), strict=True):
        places = numbers(next(drawn.iter(f"{SVG}path")).get("d", ""))
        source, target = boxes[arrow.source], boxes[arrow.target]
        assert places[0] == pytest.approx(source[0] + source[2], abs=0.2)
        assert source[1] < places[1] < source[1] + source[3]
        assert places[-2] == pytest.approx(target[0], abs=0.2)
        assert target[1] < places[-1] < target[1] + target[3]
        starts.add((places[0], places[1]))
        assert said(drawn) == ", ".join(map(str, arrow.labels))
    assert len(starts) == len(graph.arrows)


def test_what_rests_and_what_breaks_is_marked(graphs: dict[str, StateGraph]) -> None:
    text = graph_svg(graphs["broken"])
    (resting,), (broken,) = groups(text, "rest"), groups(text, "broken")
    assert said(resting) == said(broken)
    assert said(broken).startswith("34 at rest\n")
    assert "no lock, read or message is" in said(broken)
    assert len(groups(text, "breaks")) == 4
    assert len(groups(text, "first")) == 1
    tips = [next(each.iter(f"{SVG}title")).text or "" for each in groups(text, "breaks")]
    assert all(tip.endswith("breaks: no lock, read or message is pending") for tip in tips)


def test_the_numbers_of_what_happens_are_told_below(graphs: dict[str, StateGraph]) -> None:
    graph = graphs["high"]
    root = ET.fromstring(graph_svg(graph))  # noqa: S314  # written here
    legend = [each for each in root.findall(f"{SVG}text") if each.find(f"{SVG}title") is not None]
    assert [next(each.iter(f"{SVG}title")).text for each in legend] == list(map(str, graph.labels))
    for number, (element, label) in enumerate(zip(legend, graph.labels, strict=True), start=1):
        line = "".join(element.itertext()).removeprefix(str(label))
        assert line.startswith(f"{number}  ")
        assert line.endswith(f", by {', '.join(label.rules)}")
    places = [(each.get("x"), each.get("y")) for each in legend]
    assert len(set(places)) == len(places)


def node(number: int, depth: int, parent: int | None) -> Node:
    """A state of a graph made by hand."""
    return Node(number, depth, parent, ("x",), rests=False, broken=(), loops=())


def test_steps_back_and_within_a_layer_are_dashed() -> None:
    nodes = (node(0, 0, None), node(1, 1, 0), node(2, 1, 0), node(3, 2, 1))
    ends = ((0, 1), (0, 2), (1, 2), (1, 3), (3, 0), (3, 1))
    arrows = tuple(Arrow(source, target, (1, 2, 3, 4), ()) for source, target in ends)
    text = graph_svg(StateGraph("g", nodes, arrows, (Label("e", ("r",)),) * 4))
    dashed = ["back" in each.get("class", "").split() for each in groups(text, "step")]
    assert dashed == [False, False, True, False, True, True]
    ways = ["way" in each.get("class", "").split() for each in groups(text, "step")]
    assert ways == [True, True, False, True, False, False]
    assert {said(each) for each in groups(text, "step")} == {"1, 2, 3, …"}


def test_of_many_lines_the_first_ones_are_shown() -> None:
    many = evolve(node(0, 0, None), lines=tuple(f"line {each}" for each in range(20)), loops=(3,))
    lines = lines_of(many)
    assert lines[0] == "0"
    assert lines[MOST_LINES:] == [f"… {20 - MOST_LINES + 1} more lines", "↻ 3"]
    assert len(lines) == MOST_LINES + 2


def test_names_are_escaped(graphs: dict[str, StateGraph]) -> None:
    hostile = "<script>alert(1)</script>\0\n&lt;\"']]>\ud800"
    graph = graphs["high"]
    labels = (Label(hostile, ()), *graph.labels[1:])
    nodes = (evolve(graph.nodes[0], lines=(hostile,)), *graph.nodes[1:])
    text = graph_svg(evolve(graph, name=hostile, nodes=nodes, labels=labels))
    root = ET.fromstring(text.encode())  # noqa: S314  # written here
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text", "g")
    }
    shown = "<script>alert(1)</script>\\x00\\n&lt;\"']]>\\ud800"
    texts = [each.text or "" for each in root.iter()]
    assert sum(shown in each for each in texts) >= 2
