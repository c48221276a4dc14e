"""State graphs in DOT: every state and every step, as Graphviz reads them."""

import json
import shutil
import subprocess

import pytest
from attrs import evolve

from models.draw.graph_dot import graph_dot
from models.draw.graphs import Label, StateGraph, graph_of
from models.traces.subject import named

PROGRAM = shutil.which("dot")


@pytest.fixture(scope="module")
def broken() -> StateGraph:
    """The graph of a twin that breaks something at rest."""
    return graph_of("twin", named("executors-share-a-name").world)


@pytest.mark.skipif(PROGRAM is None, reason="Graphviz (`dot`) is not installed")
def test_graphviz_reads_every_state_and_every_arrow(broken: StateGraph) -> None:
    done = subprocess.run(  # noqa: S603  # a program that was looked up, and text of our own
        (PROGRAM or "dot", "-Tdot_json"),
        input=graph_dot(broken).encode(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    read = json.loads(done.stdout)
    names = {each["_gvid"]: int(each["name"]) for each in read["objects"]}
    assert sorted(names.values()) == [node.number for node in broken.nodes]
    arrows = sorted((names[each["tail"]], names[each["head"]]) for each in read["edges"])
    assert arrows == [(arrow.source, arrow.target) for arrow in broken.arrows]


def test_states_at_rest_and_what_breaks_are_marked(broken: StateGraph) -> None:
    lines = graph_dot(broken).splitlines()
    assert [line.split(" ")[0] for line in lines if 'peripheries="2"' in line] == ["34"]
    marked = [line for line in lines if 'color="#b3261e"' in line]
    assert [line.split(" [")[0] for line in marked] == [
        "34",
        *(f"{arrow.source} -> 34" for arrow in broken.arrows if arrow.target == 34),
    ]
    assert all("breaks: no lock, read or message is\\npending" in line for line in marked)


def test_an_arrow_says_what_happens_by_which_rules(broken: StateGraph) -> None:
    lines = graph_dot(broken).splitlines()
    (first,) = (line for line in lines if line.startswith("0 -> 1 "))
    assert "by worker.order-transaction" in first
    assert 'style="bold"' in first
    bold = [line.split(" [")[0] for line in lines if 'style="bold"' in line]
    tree = [f"{node.parent} -> {node.number}" for node in broken.nodes[1:]]
    assert sorted(bold) == sorted(tree)


def test_names_are_escaped(broken: StateGraph) -> None:
    hostile = '"]; x\n\\N &lt;'
    labels = (Label(hostile, ()), *broken.labels[1:])
    nodes = (evolve(broken.nodes[0], lines=(hostile,)), *broken.nodes[1:])
    text = graph_dot(evolve(broken, name=hostile, labels=labels, nodes=nodes))
    assert text.count(r"\"]; x\\n\\N &amp;lt;") >= 3
    assert hostile not in text
