"""ShiViz logs: taken apart by their own expression, with clocks that say what leads to what."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from models.draw.run import Run, taken_run
from models.draw.shiviz import NETWORK, PARSER, hosts_of, shiviz
from models.model import World
from models.traces.subject import named
from models.traces.trace import actor
from spec.formalism.event import Duplicate
from spec.formalism.identity import EngineId, EngineName, NodeId, on_local_node
from spec.formalism.state import initial_state

LastRun = Callable[[str, World, int], Run]


def parsed(log: str) -> list[dict[str, Any]]:
    """What ShiViz finds in a log."""
    expression, empty, rest = log.split("\n", 2)
    assert (expression, empty) == (PARSER, "")
    found = re.finditer(f"^{expression.replace('(?<', '(?P<')}$", rest, re.MULTILINE)
    events = [match.groupdict() for match in found]
    assert "".join(match[0] + "\n" for match in re.finditer(r".+\n.+\n.+", rest)) == rest
    return [each | {"clock": json.loads(each["clock"])} for each in events]


def ancestors(run: Run) -> list[set[int]]:
    """The steps that each step needs, itself among them, worked out from who has sent what to whom."""
    needed: list[set[int]] = []
    for step, record in enumerate(run.records):
        before = [
            earlier
            for earlier, other in enumerate(run.records[:step])
            if actor(other.event) == actor(record.event) or actor(record.event) in other.spawned
        ]
        senders = [
            earlier
            for earlier, other in enumerate(run.records[:step])
            if record.consumed in other.sent
        ]
        needed.append({step}.union(*(needed[each] for each in (*before, *senders[:1]))))
    return needed


@pytest.mark.parametrize("name", ["counter", "soma-shutdown"])
def test_a_clock_counts_the_steps_of_each_host_that_a_step_needs(
    name: str, last_run: LastRun
) -> None:
    run = last_run(name, named(name).world, 40)
    events = parsed(shiviz(run))
    hosts = [each["host"] for each in events]
    assert hosts == [str(actor(record.event)) for record in run.records]
    counted = [dict(Counter(hosts[step] for step in steps)) for steps in ancestors(run)]
    assert [each["clock"] for each in events] == counted
    assert [each["step"] for each in events] == [str(each.number) for each in run.steps]
    assert [each["rules"] for each in events] == [
        ", ".join(record.fired) or "no rule" for record in run.records
    ]
    assert [each["event"] for each in events] == [each.event for each in run.steps]


def test_every_host_counts_its_own_steps_one_by_one_faults_too(
    hostile: Run, hostile_name: str
) -> None:
    own: Counter[str] = Counter()
    for each in parsed(shiviz(hostile)):
        own[each["host"]] += 1
        assert each["clock"][each["host"]] == own[each["host"]]
        assert all(count <= own[host] for host, count in each["clock"].items())
    assert own.total() == len(hostile.steps)
    assert own[NETWORK] > 0
    assert own[f"client.{hostile_name.replace(' ', '_')}"] > 0


def test_hosts_are_words_and_different() -> None:
    names = ("a b", "a_b", "network", "__proto__", "hasOwnProperty", "", "x\ny", "u\u2028v")
    engines = [on_local_node(name) for name in names]
    engines += [EngineId(NodeId("n"), EngineName("a")), on_local_node("n/a")]
    hosts = hosts_of([None, *engines])
    assert len(set(hosts.values())) == len(engines) + 1
    assert all(re.fullmatch(r"\S+", host) and host.isprintable() for host in hosts.values())
    assert not {"__proto__", "hasOwnProperty"} & set(hosts.values())
    assert hosts[None] == "network"
    assert hosts_of([*engines[::-1], None]) == hosts


def test_what_does_not_print_is_escaped(hostile: Run) -> None:
    body = "x\nby \u2028\r"
    first = hostile.records[0]
    assert isinstance(first.event, Duplicate)
    event = Duplicate(evolve(first.event.message, body=body))
    records = (evolve(first, event=event), *hostile.records[1:])
    sent = (event.message, first.event.message, first.event.message)
    start = initial_state(hostile.world.system.discipline, (), sent)
    run = evolve(hostile, records=records, world=evolve(hostile.world, state=start))
    assert parsed(shiviz(run))[0]["event"].endswith(r"x\nby \u2028\r")


def test_the_log_of_no_step_is_its_head() -> None:
    assert shiviz(taken_run("nothing", named("voting").world, ())) == f"{PARSER}\n\n"
