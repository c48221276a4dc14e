"""Causal graphs in DOT: every step and every link, escaped, as Graphviz reads them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from models.draw.dot import dot, escaped, graph, label, node, told, wrapped
from models.draw.run import Run, Shown
from models.model import World
from models.traces.causes import Tie, links
from models.traces.subject import named
from models.traces.trace import actor
from properties.property import Kind

LastRun = Callable[[str, World, int], Run]

PROGRAM = shutil.which("dot")

graphviz = pytest.mark.skipif(PROGRAM is None, reason="Graphviz (`dot`) is not installed")


def read(text: str) -> Any:
    """What Graphviz makes of a graph."""
    command = (PROGRAM or "dot", "-Tdot_json")
    done = subprocess.run(  # noqa: S603  # a program that was looked up, and text of our own
        command, input=text.encode(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def run(last_run: LastRun) -> Run:
    """A run in which engines are created."""
    return last_run("soma-chain", named("soma-chain").world, 40)


@graphviz
def test_graphviz_reads_every_step_in_the_cluster_of_its_engine_and_every_link(run: Run) -> None:
    read_graph = read(dot(run))
    names = {each["_gvid"]: each["name"] for each in read_graph["objects"]}
    clusters = [each for each in read_graph["objects"] if "nodes" in each]
    found = {
        each["label"]: sorted(int(names[member]) for member in each["nodes"]) for each in clusters
    }
    lanes: dict[str, list[int]] = {}
    for step, record in zip(run.steps, run.records, strict=True):
        lanes.setdefault(str(actor(record.event)), []).append(step.number)
    assert found == lanes
    direct = links(run.world.system.discipline, run.world.state, run.records)
    arrows = [
        (int(names[each["tail"]]), int(names[each["head"]]), each.get("style") == "dashed")
        for each in read_graph["edges"]
    ]
    told_links = [(link.source, link.target, link.tie is Tie.SPAWN) for link in direct]
    assert sorted(arrows) == sorted(told_links)
    assert any(dashed for _, _, dashed in arrows)


@graphviz
def test_hostile_names_stay_text(hostile: Run, hostile_name: str) -> None:
    read_graph = read(dot(hostile))
    labels = {each.get("label", "") for each in read_graph["objects"]}
    wrapped_name = "\\n".join(
        line.replace("\\", "\\\\").replace("&", "&amp;")
        for line in wrapped(f"client.{hostile_name}", 36, 6)
    )
    assert wrapped_name in labels
    assert "the network" in labels
    assert sum("nodes" not in each for each in read_graph["objects"]) == len(hostile.steps)


def test_the_network_is_the_last_lane(hostile: Run) -> None:
    text = dot(hostile)
    assert text == dot(hostile)
    lanes = [line for line in text.splitlines() if line.startswith("label=")][1:]
    assert lanes.index('label="the network"') == len(lanes) - 1 > 0


def test_what_breaks_is_marked_and_told_above(run: Run) -> None:
    shown = Shown(2, "it holds", "r", Kind.ALWAYS, 'no: "x"', ())
    seen = Shown(3, "it happens", "r", Kind.SOMETIMES, "yes", ())
    text = dot(evolve(run, shown=(shown, seen), notes=("not as recorded",)))
    (marked,) = (line for line in text.splitlines() if 'penwidth="2"' in line)
    assert marked.startswith("2 [label=")
    assert "broken: it holds" in marked
    assert (
        r'label="soma-chain: what leads to what\lbroken: it holds: no: \"x\"\l'
        r'seen: it happens: yes\lnot as recorded\l"'
    ) in text


def test_a_refused_step_says_why(run: Run) -> None:
    first = evolve(run.steps[0], refusal="it is there already", rules=())
    text = dot(evolve(run, steps=(first, *run.steps[1:])))
    assert "refused: it is there already" in text


def test_what_happens_is_told_without_whom_it_happens_to(hostile: Run, run: Run) -> None:
    words = [told(record.event).split(" ")[0] for record in hostile.records[:2]]
    assert words == ["duplicates", "loses"]
    assert "timer scheduled elapses at 0" in {told(record.event) for record in run.records}


TEXTS = st.text(st.sampled_from('a\\"&;<>{}|[]NGlnr \n\t\0\ud800\u2028é🙂-=,(')) | st.text(
    max_size=9
)


@given(TEXTS)
def test_an_escaped_text_is_one_line_that_ends_where_it_says(text: str) -> None:
    said = escaped(text)
    assert said.isprintable()
    bare = said.replace("\\\\", "").replace('\\"', "")
    assert '"' not in bare
    assert "\\" not in bare
    assert said.count("&") == said.count("&amp;")


@graphviz
def test_graphviz_reads_any_text_as_one_label() -> None:
    texts = [
        'a"b',
        "a\\",
        '\\"',
        "\\N\\G",
        "&lt;",
        "<b>",
        "}\n]",
        "\0",
        "\ud800",
        "{|}",
        "--",
        "é🙂",
    ]
    nodes = [node(f"n{place}", {"label": label(text)}) for place, text in enumerate(texts)]
    read_graph = read(graph("all", nodes))
    assert len(read_graph["objects"]) == len(texts)
    labels = [each["label"] for each in read_graph["objects"]]
    assert labels == [escaped(text).replace('\\"', '"') for text in texts]


@given(st.text("ab (,={[x", max_size=60), st.integers(4, 20), st.integers(1, 4))
def test_lines_are_not_longer_than_said_and_miss_nothing_but_the_end(
    text: str, width: int, most: int
) -> None:
    lines = wrapped(text, width, most)
    assert 1 <= len(lines) <= most
    assert all(len(line) <= width for line in lines)
    whole = "".join("".join(lines).removesuffix("…").split())
    assert "".join(text.split()).startswith(whole)
    if not lines[-1].endswith("…"):
        assert whole == "".join(text.split())


def test_lines_break_where_a_part_ends() -> None:
    assert wrapped("KVSAcquireLock(1, TransactionLabel(reads={a}), b) from c", 20, 9) == [
        "KVSAcquireLock(1,",
        "TransactionLabel(",
        "reads={a}), b) from",
        "c",
    ]
