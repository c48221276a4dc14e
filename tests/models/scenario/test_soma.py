"""Scenario files about Soma: what they say, and one line for what is wrong with one."""

import pytest
from pyrsistent import pmap

from models.scenario.build import soma_model
from models.scenario.document import parse_document
from models.scenario.errors import ScenarioError
from models.scenario.soma import SomaScenario, is_about_soma, soma_scenario_in
from models.search.exhaustive import explore
from models.soma_worlds import SomaSetting
from properties.property import Evidence, Kind
from properties.soma.witnesses import THE_DRIVER_STOPS
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.delivery import Fifo, Unordered
from spec.formalism.identity import on_local_node
from spec.formalism.state import NO_FAULTS, Faults
from spec.soma.certificate import (
    Certificate,
    Commit,
    CommitDigest,
    CommitIndex,
    TransactionDigest,
)
from spec.soma.epoch import EpochId
from spec.soma.object import ObjectId, ObjectKey, Version
from spec.soma.system import Circumstances, Enqueues

EVERYTHING = """
system = "soma"
limit = 3
delivery = "fifo"
epochs = 2
closes = true
objects.x = 10
objects.y = { version = 4, value = 20 }
missing.z = 7
[faults]
duplicates = 1
losses = 2
crashes = 3
[[certificate]]
name = "a"
inputs = { x = 1, z = 7 }
outputs = ["x", "new"]
commit = { digest = "c", index = 7 }
sources = ["left", "right"]
[[certificate]]
name = "b"
epoch = 2
inputs = { y = 4 }
synced = true
[[expect]]
always = "y == 20"
"""

SMALL = """
system = "soma"
objects.x = 1
[[certificate]]
name = "a"
inputs = { x = 1 }
outputs = ["x"]
program = 'write("x", read("x") + 1)'
"""


def scenario(text: str) -> SomaScenario:
    return soma_scenario_in(parse_document(text.encode(), "f.toml"))


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        scenario(text)
    return str(refused.value)


def key(name: str, version: int) -> ObjectKey:
    return ObjectKey(ObjectId(name), Version(version))


def test_a_file_may_say_all_of_this() -> None:
    first = Certificate(
        TransactionDigest("a"),
        EpochId(0),
        frozenset({key("x", 1), key("z", 7)}),
        frozenset({ObjectId("x"), ObjectId("new")}),
        Program(()),
        Commit(CommitDigest("c"), CommitIndex(7)),
    )
    second = Certificate(
        TransactionDigest("b"), EpochId(2), frozenset({key("y", 4)}), frozenset(), Program(())
    )
    names = ("source", "source.left", "source.right")
    brought = zip(names, ((second,), (first,), (first,)), strict=True)
    given = Circumstances(
        pmap({key("x", 1): KVSDatum(10), key("y", 4): KVSDatum(20)}),
        tuple(Enqueues(on_local_node(name), certificates) for name, certificates in brought),
        3,
        (second,),
        (EpochId(1), EpochId(2)),
        closes=True,
        crashes=3,
    )
    found = scenario(EVERYTHING)
    missing = frozenset({key("z", 7)})
    assert found.setting == SomaSetting(given, missing, Fifo, Faults(1, 2))
    assert [each.text for each in found.expectations] == ["y == 20"]


def test_what_is_not_said_is_as_small_as_can_be() -> None:
    setting = scenario(SMALL).setting
    assert (setting.discipline, setting.faults, setting.missing) == (
        Unordered,
        NO_FAULTS,
        frozenset(),
    )
    given = setting.circumstances
    assert given.max_concurrent_executions == 1
    assert (given.synced, given.epochs, given.closes, given.crashes) == ((), (), False, 0)


def test_a_file_is_about_soma_if_it_says_so() -> None:
    assert is_about_soma(parse_document(SMALL.encode(), "f.toml"))
    assert not is_about_soma(parse_document(b'system = "anoma"', "f.toml"))


def test_a_scenario_is_a_model_that_holds_and_whose_expectations_are_judged() -> None:
    text = f'{SMALL}[[expect]]\nat_rest = "x == 2"\n[[expect]]\nalways = "x == 1"'
    model = soma_model(scenario(text))
    assert (model.name, model.system) == ("f.toml", "soma")
    assert model.sentence == "1 transaction in 1 epoch of Soma."
    result = explore(model.build({}), until=frozenset())
    broken = {each.property.name: each for each in result.broken()}
    assert set(broken) == {"x == 1"}
    assert broken["x == 1"].property.kind is Kind.ALWAYS
    assert broken["x == 1"].evidence == Evidence("x == 1 is not so: x = 2")


def test_what_some_run_is_sure_to_show_is_judged_too() -> None:
    world = soma_model(scenario(SMALL.replace("objects.x", "closes = true\nobjects.x"))).build({})
    assert THE_DRIVER_STOPS in world.properties


def test_a_transaction_may_be_certified_for_several_epochs() -> None:
    again = SMALL.partition("[[certificate]]")[2]
    found = scenario(f"{SMALL}[[certificate]]\nepoch = 1\n{again}")
    assert [each.epoch for each in found.setting.circumstances.enqueues[0].certificates] == [0, 1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('system = "soma"', "there is no certificate; expected one [[certificate]] at least"),
        ("limit = 0", " limit: it is 0; expected an integer from 1 to 64"),
        ("shards = 2", " shards: unknown key; expected one of "),
        ("epochs = 9", " epochs: it is 9; expected an integer from 0 to 8"),
        ('closes = "now"', " closes: it is a string; expected true or false"),
        ('delivery = "set"', ' delivery: it is "set"; expected "unordered" or "fifo"'),
        ("faults.lost = 1", " faults.lost: unknown key; expected one of "),
        ("faults.crashes = 9", " faults.crashes: it is 9; expected an integer from 0 to 8"),
        ('objects.y = "a"', " objects.y: it is a string; expected an integer"),
        ("objects.y = { version = 2 }", " objects.y: it has no value; expected value = 10"),
        ("objects.y = { value = 2, at = 1 }", " objects.y.at: unknown key; expected one of "),
        ("missing.y = 0", " missing.y: it is 0; expected an integer from 1 to 1000000"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_line(text: str, line: str) -> None:
    whole = text if text.startswith("system") else SMALL.replace("objects.x", f"{text}\nobjects.x")
    found = refusal(whole)
    assert found.startswith(f"f.toml: {line.strip()}" if line[0] != " " else f"f.toml:{line}")
    assert "\n" not in found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ': the certificate has no name; expected name = "…"'),
        ('name = ""', '.name: it is ""; expected a certificate\'s name: not empty'),
        ('name = "b"\nreads = []', ".reads: unknown key; expected one of name, epoch, inputs"),
        ('name = "b"\nepoch = 9', ".epoch: it is 9; expected an integer from 0 to 8"),
        ('name = "b"\ninputs = ["x"]', ".inputs: it is a list; expected a table [inputs]"),
        ('name = "b"\ninputs = { x = 0 }', ".inputs.x: it is 0; expected an integer from 1 to "),
        ('name = "b"\ninputs = { x = 7 }', ".inputs: nobody makes x v7; expected a version of "),
        ('name = "b"\noutputs = "x"', ".outputs: it is a string; expected a list of strings"),
        (
            'name = "b"\ncommit = { index = 1 }',
            ".commit: the commit has no digest; expected digest",
        ),
        ('name = "b"\nsources = []', ".sources: nobody brings it; expected a source, or synced = "),
        (
            'name = "a"',
            '.name: "a" is certified for epoch 0 in certificate[0] too; expected a name',
        ),
        ('name = "a"\nepoch = 1', '.name: "a" is another transaction in certificate[0]; expected '),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_in_one_line(text: str, line: str) -> None:
    found = refusal(f"{SMALL}[[certificate]]\n{text}")
    assert found.startswith(f"f.toml: certificate[1]{line}")
    assert "\n" not in found


def test_a_program_is_refused_at_its_line_and_column() -> None:
    found = refusal(SMALL.replace('read("x") + 1', 'read("x") / 1'))
    assert found.startswith("f.toml:8:23: / is not in the language; expected an integer")


def test_certificates_that_contradict_each_other_are_refused() -> None:
    again = SMALL.partition("[[certificate]]")[2].replace('"a"', '"b"')
    assert refusal(f"{SMALL}[[certificate]]{again}") == (
        "f.toml: the certificates contradict each other; "
        "expected an order in which every version that is named is the newest"
    )


def test_an_expectation_is_about_objects() -> None:
    found = refusal(f'{SMALL}[[expect]]\nat_rest = "y == 1"')
    assert found.startswith("f.toml:10:12: y is no key of this scenario; expected")
