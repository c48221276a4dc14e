"""Scenarios and models are made smaller, as long as the same property is broken."""

import tomllib
from typing import Any

from pyrsistent import pmap

from models.traces.document import OfModel, OfScenario, OfTwin
from models.traces.judging import Stage
from models.traces.reduce import reduced, smaller_than, toml
from models.traces.stepping import steps_taken
from models.traces.subject import world_of

LARGE = """
system = "anoma"
shards = 2
[genesis]
alice = 10
bob = 5
eve = 1
[[transaction]]
name = "pay"
reads = ["alice", "bob"]
writes = ["alice", "bob"]
program = '''
a = read("alice")
if a < 7:
    fail("insufficient funds")
write("alice", a - 7)
write("bob", read("bob") + 7)
'''
[[transaction]]
name = "look"
reads = ["eve"]
[[expect]]
at_rest = "alice == 10"
[[expect]]
at_rest = "eve == 1"
"""

SMALL = """system = "anoma"
shards = 2

[genesis]
alice = 10

[[transaction]]
name = "pay"
reads = ["alice"]
writes = ["alice"]
program = "a = read('alice')\\nwrite('alice', a - 7)\\n"

[[expect]]
at_rest = "alice == 10"
"""


CERTIFICATES = """
system = "soma"
limit = 2
[objects]
gold = 10
iron = 1
[faults]
crashes = 1
[[certificate]]
name = "mint"
inputs = { gold = 1, iron = 1 }
outputs = ["gold", "coin"]
program = '''
write("coin", read("gold") // 2)
write("gold", read("gold") - read("gold") // 2)
'''
[[certificate]]
name = "spend"
inputs = { coin = 1 }
outputs = ["coin"]
program = 'write("coin", 0)'
[[expect]]
always = "coin == 0"
"""

FEW = """system = "soma"
limit = 2

[objects]
gold = 10

[[certificate]]
name = "mint"
inputs = { gold = 1 }
outputs = ["coin"]
program = "write('coin', read('gold') // 2)\\n"

[[expect]]
always = "coin == 0"
"""


def name_of(text: str, expression: str) -> str:
    """The name of the property that an expectation is."""
    world = world_of(OfScenario("a.toml", text))
    return next(each.name for each in world.properties if expression in each.name)


def test_a_scenario_keeps_only_what_breaks_the_property() -> None:
    about = name_of(LARGE, "alice == 10")
    small = reduced(OfScenario("a.toml", LARGE), about)
    assert small is not None
    assert isinstance(small.subject, OfScenario)
    assert small.subject.text == SMALL
    assert small.complete
    steps = list(steps_taken(small.world.system, small.world.state, small.events))
    assert len(steps) == len(small.events)
    shown = {each.property.name for each in Stage(small.world).judged(small.events)}
    assert about in shown
    assert reduced(small.subject, about) is None
    again = reduced(OfScenario("a.toml", LARGE), about)
    assert again is not None
    assert (again.subject, again.events, again.tries) == (small.subject, small.events, small.tries)


def test_it_ends_after_so_many_tries() -> None:
    small = reduced(OfScenario("a.toml", LARGE), name_of(LARGE, "alice == 10"), 8)
    assert small is None or (small.tries, small.complete) == (8, False)


def test_what_is_not_broken_is_not_made_smaller() -> None:
    assert reduced(OfScenario("a.toml", LARGE), name_of(LARGE, "eve == 1"), 6) is None
    assert reduced(OfTwin("executors-share-a-name"), "no step is refused") is None


def test_a_scenario_about_soma_is_made_smaller() -> None:
    small = reduced(OfScenario("soma.toml", CERTIFICATES), "coin == 0")
    assert small is not None
    assert isinstance(small.subject, OfScenario)
    assert small.subject.text == FEW


def test_numbers_of_a_model_are_lowered_to_the_least_first() -> None:
    subject = OfModel("counter", pmap({"transactions": 3, "shards": 1, "duplicates": 1}))
    lowered = [dict(each.parameters) for each in smaller_than(subject) if isinstance(each, OfModel)]
    assert {"transactions": 1, "shards": 1, "duplicates": 1} in lowered
    assert {"transactions": 3, "shards": 1, "duplicates": 0} in lowered
    assert all(each != dict(subject.parameters) for each in lowered)


def test_every_text_is_written_so_that_it_is_read_back() -> None:
    values: dict[str, Any] = {
        "a": 1,
        "b c": True,
        "list": ["x\x7f\n\"'\\\u2026\U0001f600", "y"],
        "table": {"k": -3, "": []},
        "many": [{"x": "1"}, {"y": False, "z": ["a"], "t": {"a b": 1, "c": [2]}, "e": {}}],
    }
    assert tomllib.loads(toml(values)) == values
