"""Expectations: what they say of a store, and what is refused as one."""

import pytest
from pyrsistent import pmap

from models.scenario.errors import ScenarioError
from models.scenario.expect import (
    EXPRESSION,
    Expect,
    Expectation,
    compile_expectation,
    evaluated,
    property_of,
)
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.arithmetic import ArithmeticOperator
from spec.anoma.instructions import Arithmetic, Load, Read, Text
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.behaviour import SHARD
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import (
    Entry,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
    new_timeline,
)
from spec.anoma.system import WORKER_ID
from spec.anoma.worker.behaviour import WORKER
from spec.anoma.worker.environment import WorkerState
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import GlobalState, initial_state

A, B, AB, CAROL = KVSKey("a"), KVSKey("b"), KVSKey("a b"), KVSKey("carol")
KEYS = frozenset({A, B, AB, CAROL})


def expectation(text: str, kind: Kind = Kind.AT_REST) -> Expectation:
    return compile_expectation(text, kind, KEYS, "f.toml")


def value(text: str) -> int | Failure:
    """The value of an expression where a is 1, b is 2, and the other one is 30."""
    return evaluated(expectation(text).code, {A: 1, B: 2, AB: 30})


def refusal(text: str) -> str:
    """The line that an expectation is refused with."""
    with pytest.raises(ScenarioError) as refused:
        expectation(text)
    return str(refused.value)


def write(status: WriteStatus, datum: int | None = None) -> Entry:
    return Entry(
        write=WriteMarker(WriteKind.MAY, status, None if datum is None else KVSDatum(datum))
    )


def timeline(genesis: int, *entries: Entry) -> Timeline:
    """A key's value at the start, and what the transactions 1, 2, 3… do to it."""
    line = new_timeline(KVSDatum(genesis))
    for at, entry in enumerate(entries, start=1):
        line = line.set(TxFingerprint(at), entry)
    return line


def state(**timelines: Timeline) -> GlobalState:
    """A shard for each key, and a worker."""
    shards = (
        Engine(
            identity_of(on_local_node(f"shard.{key}")),
            SHARD.name,
            ShardConfiguration((WORKER_ID,)),
            Environment(ShardState(pmap({KVSKey(key): line}))),
        )
        for key, line in timelines.items()
    )
    worker = Engine(identity_of(WORKER_ID), WORKER.name, None, Environment(WorkerState()))
    return initial_state(Unordered, (worker, *shards))


WRITTEN = write(WriteStatus.WRITTEN, 5)
PENDING = write(WriteStatus.PENDING)
RELEASED = write(WriteStatus.RELEASED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b == 3", 1),
        ("a + b == 4", 0),
        ("b", 2),
        ('store("a b") - 3 * b', 24),
        ("0 < a < b <= 2", 1),
        ("not a or -7 // 2 == -4 and 7 % -2 == -1", 1),
        ("a if b > 2 else store('b')", 2),
        ("\n (a ==\n 1) # one", 1),
        ("a // (b - 2)", Failure(FailureKind.DIVISION_BY_ZERO)),
        ("*".join(["9" * 640] * 30), Failure(FailureKind.OUT_OF_GAS)),
    ],
)
def test_an_expectation_is_an_expression_over_keys(text: str, expected: int | Failure) -> None:
    assert value(text) == expected


def test_an_expectation_knows_its_keys_and_its_text_in_one_line() -> None:
    found = expectation(' carol\t+ store("a b")+  carol', Kind.ALWAYS)
    add = Arithmetic(ArithmeticOperator.ADD)
    code = (Load("carol"), Load("a b"), add, Load("carol"), add)
    assert found == Expectation(Kind.ALWAYS, 'carol + store("a b")+ carol', code, (AB, CAROL))


def test_code_that_reads_has_no_value() -> None:
    assert evaluated((Text("a"), Read()), {}) == Failure(FailureKind.STUCK)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", f"1:1: there is no expression; expected {EXPRESSION}"),
        ("# a", f"1:1: there is no expression; expected {EXPRESSION}"),
        ("a\nb", f"2:1: a second statement; expected {EXPRESSION}"),
        ("a = 1", f"1:1: a statement; expected {EXPRESSION}"),
        ("a +", f"1:4: syntax error: invalid syntax; expected {EXPRESSION}"),
        ("a == 'x'", f"1:6: a string where an integer is wanted; expected {EXPRESSION}"),
        ("a == True", f"1:6: True is not in the language; expected {EXPRESSION}"),
        ("a ** 2", f"1:1: ** is not in the language; expected {EXPRESSION}"),
        ("a.b", f"1:1: an attribute; expected {EXPRESSION}"),
        ("a + read('b')", f"1:5: a call of read; expected {EXPRESSION}"),
        ("a()()", f"1:1: a call of something else than store; expected {EXPRESSION}"),
        ("store(a)", '1:1: store with something else than one key; expected store("a key")'),
        (
            "store('a', 'b')",
            '1:1: store with something else than one key; expected store("a key")',
        ),
        (
            "store('a', key='b')",
            '1:1: store with something else than one key; expected store("a key")',
        ),
        (
            "a + dave",
            (
                "1:5: dave is no key of this scenario; "
                "expected a key of [genesis] or of a transaction's label"
            ),
        ),
        (
            "store('a\\nb')",
            (
                "1:1: a\\nb is no key of this scenario; "
                "expected a key of [genesis] or of a transaction's label"
            ),
        ),
        (
            "1" + "0" * 640,
            "1:1: a very long integer literal; expected at most 640 decimal digits",
        ),
    ],
)
def test_what_is_no_expectation_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(text) == f"f.toml:{line}"


@pytest.mark.parametrize("text", ["a" + "+ a" * 500, "(" * 500 + "a" + ")" * 500, "-" * 9000 + "a"])
def test_an_expectation_that_nests_too_deep_is_refused_in_one_line(text: str) -> None:
    line = refusal(text)
    assert line.startswith("f.toml:1:")
    assert line.isprintable()


def test_a_key_may_have_the_name_of_a_function() -> None:
    names = frozenset({KVSKey("read"), KVSKey("store")})
    found = compile_expectation("read == store", Kind.ALWAYS, names, "f.toml")
    assert found.keys == (KVSKey("read"), KVSKey("store"))


def test_an_expectation_sees_the_newest_written_values() -> None:
    moment = state(
        a=timeline(1), b=timeline(1, WRITTEN, write(WriteStatus.WRITTEN, 7), PENDING, RELEASED)
    )
    assert judged("a == 1 and b == 7 and carol == 0", moment) is None


def judged(text: str, moment: GlobalState) -> Evidence | None:
    return property_of(expectation(text), {"a": 0, "b": 0, "carol": 0}).judge(moment)


def test_an_expectation_that_is_so_leaves_no_evidence() -> None:
    assert judged("a + b == 9", state(a=timeline(4), b=timeline(1, WRITTEN, PENDING))) is None


def test_an_expectation_that_is_not_so_shows_the_values_of_its_keys() -> None:
    moment = state(a=timeline(4), b=timeline(1, WRITTEN))
    assert judged("b + carol == a", moment) == Evidence(
        "b + carol == a is not so: a = 4, b = 5, carol = 0"
    )
    assert judged("1 == 2", moment) == Evidence("1 == 2 is not so")


def test_an_expectation_without_a_value_shows_why() -> None:
    assert judged("a // carol", state(a=timeline(4))) == Evidence(
        "a // carol has no value (division-by-zero): a = 4, carol = 0"
    )


def test_an_expectation_is_a_property_named_by_its_text() -> None:
    found = property_of(expectation("a == 0", Kind.ALWAYS), {"a": 0})
    assert (type(found), found.name, found.rule, found.kind) == (
        StateProperty,
        "a == 0",
        Expect.id,
        Kind.ALWAYS,
    )
