"""The variables of a state: one for each engine, under a name that is an identifier and its own."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from models.traces.itf.values import told
from models.traces.itf.variables import (
    ABSENT,
    Variables,
    spelling,
    spelt,
    told_engine,
    variables_of,
)
from models.traces.subject import named
from spec.formalism.identity import EngineId, EngineName, NodeId, on_local_node

NAMES = st.text("ab_-./é2#\n", max_size=4) | st.sampled_from(["mailboxes", "faults", "a_b", "a-b"])
ENGINES = st.lists(st.builds(EngineId, NAMES.map(NodeId), NAMES.map(EngineName)), max_size=6)


@given(ENGINES, st.integers(0, 9))
def test_every_engine_has_a_variable_of_its_own(engines: list[EngineId], seed: int) -> None:
    variables = variables_of(engines)
    names = variables.all()
    assert len(set(names)) == len(names) == len(set(engines)) + 2
    assert all(name.isidentifier() and name.isascii() and name[0].isalpha() for name in names)
    again = list(engines)
    Random(seed).shuffle(again)  # noqa: S311  # reproducible, and no secret
    assert variables_of(again) == variables
    table = {name: (node, engine) for name, (node, engine) in spelt(variables).items()}
    assert spelling(table) == variables


def test_names_stay_as_they_are_where_they_can() -> None:
    engines = [on_local_node(each) for each in ("tm", "rm.1", "rm_1", "2", "faults")]
    names = variables_of(engines).names
    assert [names[each] for each in engines] == ["tm", "rm_1", "rm_1_2", "engine_2", "faults_2"]


def test_a_state_says_of_every_engine_what_it_is_and_knows() -> None:
    state = named("two-phase-commit").world.state
    rm, nobody = on_local_node("rm.1"), on_local_node("nobody")
    said = variables_of([rm, nobody]).told(state)
    assert said == {
        "nobody": ABSENT,
        "rm_1": {
            "tag": "Engine",
            "value": {
                "family": "resource-manager",
                "configuration": {
                    "tag": "ResourceManagerConfiguration",
                    "value": {"transaction_manager": "tm"},
                },
                "local": {
                    "tag": "ResourceManager",
                    "value": {"state": {"tag": "RMState_WORKING", "value": {}}},
                },
                "mailbox_states": {"#map": []},
                "acquaintances": {"#map": []},
                "timers": {
                    "#map": [["giving-up", {"#bigint": "0"}], ["preparing", {"#bigint": "0"}]]
                },
                "unnamed_spawns": {"#set": []},
                "time": {"#bigint": "0"},
            },
        },
        "mailboxes": told(state.mailboxes),
        "faults": told(state.faults),
    }
    assert said["rm_1"] == told_engine(state.engines[rm])
    assert Variables(variables_of([rm]).names).all() == ("rm_1", "mailboxes", "faults")
