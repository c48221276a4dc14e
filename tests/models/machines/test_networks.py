"""Drawn networks: within their bounds, and of every sort."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from pyrsistent import pmap

from models.machines.networks import Bounds, networks, scenario_texts, scene_in, setting_in
from models.machines.strategies import KEYS
from models.worlds import Arrival, Setting, spread
from properties.property import Evidence, Kind, Property, StateProperty
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import touched
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.formalism.delivery import Fifo, Unordered
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState

FAULTY = Bounds(faults=Faults(duplicates=1, losses=2))

SEARCH = settings(
    max_examples=500,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""How to look for an example: shrinking it is of no use here."""

TEXT = """
system = "anoma"
shards = 2
delivery = "fifo"
[faults]
losses = 1
[genesis]
a = 1
[[transaction]]
name = "t1"
writes = ["b"]
program = 'write("b", 2)'
"""

SIMPLEST = """system = "anoma"
shards = 1
arrival = "any"
delivery = "unordered"
[genesis]
a = 0
[[transaction]]
name = "t1"
program = '''
pass
'''"""


@given(networks(FAULTY))
def test_networks_keep_to_their_bounds(setting: Setting) -> None:
    assert 1 <= len(setting.transactions) <= 3
    assert 1 <= len(setting.placement.shards) <= 3
    assert set(setting.genesis) <= set(KEYS)
    for each in setting.transactions:
        assert touched(each.candidate.label) <= set(setting.genesis)
    assert setting.faults.duplicates <= 1
    assert setting.faults.losses <= 2


@given(networks(Bounds(1, 1, 1, (Fifo,), collecting=False)))
def test_the_narrowest_bounds_leave_one_of_each(setting: Setting) -> None:
    assert len(setting.transactions) == len(setting.genesis) == len(setting.placement.shards) == 1
    assert setting.discipline is Fifo
    assert setting.shard_family == SHARD
    assert setting.faults == Faults()


@pytest.mark.parametrize(
    "feature",
    [
        lambda setting: len(setting.transactions) == len(setting.placement.shards) == 3,
        lambda setting: len({each.candidate for each in setting.transactions}) == 3,
        lambda setting: setting.arrival is Arrival.GIVEN,
        lambda setting: setting.discipline is Fifo,
        lambda setting: setting.shard_family == COLLECTING_SHARD,
        lambda setting: setting.faults == Faults(1, 2),
        lambda setting: setting.faults == Faults(0, 0),
    ],
)
def test_networks_of_every_sort_are_drawn(feature: Callable[[Setting], bool]) -> None:
    assert feature(find(networks(FAULTY), feature, settings=SEARCH))


def test_the_simplest_network_is_a_scenario_file_that_does_nothing() -> None:
    assert find(scenario_texts(FAULTY), lambda _: True, settings=SEARCH) == SIMPLEST


def test_a_text_is_read_as_the_scenario_file_that_it_is() -> None:
    setting = setting_in(TEXT)
    assert [each.name for each in setting.transactions] == ["t1"]
    assert setting.placement == spread((KVSKey("a"), KVSKey("b")), 2)
    assert setting.genesis == pmap({KVSKey("a"): KVSDatum(1)})
    assert setting.arrival is Arrival.ANY
    assert setting.discipline is Fifo
    assert setting.faults == Faults(losses=1)


def test_a_scene_has_the_text_the_world_and_the_properties_of_its_setting() -> None:
    def silent(_state: GlobalState) -> Evidence | None:
        return None

    def judged_by(setting: Setting) -> tuple[Property, ...]:
        name = f"{len(setting.transactions)} transaction"
        return (StateProperty(name, RuleId("test.silent"), Kind.ALWAYS, silent),)

    scene = scene_in(TEXT, judged_by)
    assert scene.text == TEXT
    assert [each.name for each in scene.world.properties] == ["1 transaction"]
    assert scene.world.genesis == pmap({"a": 1, "b": 0})
    assert scene.world.system.discipline is not Unordered
    assert scene.world.state.faults == Faults(losses=1)
