"""Scenario files: what they come to, and the one line for everything that is wrong in them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap

from models.scenario.document import parse_document
from models.scenario.errors import ScenarioError
from models.scenario.expect import EXPRESSION, compile_expectation
from models.scenario.expressions import INTEGER
from models.scenario.file import Scenario, read_scenario, scenario_in
from models.scenario.language import compile_program
from models.worlds import Arrival, NamedCandidate, Setting, shard_ids
from properties.property import Kind
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.formalism.delivery import Fifo, Unordered
from spec.formalism.state import Faults

EXAMPLES = Path(__file__).parents[3] / "docs" / "scenarios"

FULL = """
system = "anoma"
shards = 3
arrival = "given"
delivery = "fifo"
garbage_collection = true
[genesis]
alice = 10
"al ice" = -1
[placement]
bob = "shard.3"
[faults]
duplicates = 1
losses = 2
[[transaction]]
name = "pay"
reads = ["alice"]
lazy_reads = ["bob"]
writes = ["alice", "carol"]
may_writes = ["bob"]
program = '''
write("alice", read("alice") - 3)
write("bob", read("bob") + 3)
'''
[[transaction]]
name = "do nothing"
[[expect]]
at_rest = "alice + bob == 10"
[[expect]]
always = 'alice > store("al ice")'
"""

SMALL = 'system = "anoma"\n[[transaction]]\nname = "t"\n'

NAME = "name: not empty, and nothing in it that does not print"

FILE_KEYS = (
    "system, shards, arrival, delivery, garbage_collection, genesis, placement, faults, "
    "transaction, expect"
)


def keys(*names: str) -> frozenset[KVSKey]:
    return frozenset(KVSKey(name) for name in names)


def scenario(text: str) -> Scenario:
    return scenario_in(parse_document(text.encode(), "f.toml"))


def refusal(text: str) -> str:
    """The line that a scenario is refused with."""
    with pytest.raises(ScenarioError) as refused:
        scenario(text)
    return str(refused.value)


def test_a_file_says_all_there_is_to_say() -> None:
    alice, al_ice, bob, carol = (KVSKey(name) for name in ("alice", "al ice", "bob", "carol"))
    first, second, third = shard_ids(3)
    known = keys("alice", "al ice", "bob", "carol")
    program = compile_program(
        'write("alice", read("alice") - 3)\nwrite("bob", read("bob") + 3)', "f.toml"
    )
    label = TransactionLabel(keys("alice"), keys("bob"), keys("alice", "carol"), keys("bob"))
    nothing = TransactionCandidate(TransactionLabel(), compile_program("", "f.toml"))
    assert scenario(FULL) == Scenario(
        "f.toml",
        "anoma",
        Setting(
            (
                NamedCandidate("pay", TransactionCandidate(label, program)),
                NamedCandidate("do nothing", nothing),
            ),
            Placement(
                (first, second, third), pmap({al_ice: first, alice: second, carol: third, bob: third})
            ),
            pmap({alice: KVSDatum(10), al_ice: KVSDatum(-1)}),
            Arrival.GIVEN,
            Fifo,
            Faults(duplicates=1, losses=2),
            COLLECTING_SHARD,
        ),
        (
            compile_expectation("alice + bob == 10", Kind.AT_REST, known, "f.toml"),
            compile_expectation('alice > store("al ice")', Kind.ALWAYS, known, "f.toml"),
        ),
    )  # fmt: skip


def test_what_a_file_leaves_out_has_its_default() -> None:
    nothing = TransactionCandidate(TransactionLabel(), compile_program("", "f.toml"))
    assert scenario(SMALL) == Scenario(
        "f.toml",
        "anoma",
        Setting(
            (NamedCandidate("t", nothing),),
            Placement(shard_ids(1), pmap()),
            pmap(),
            Arrival.ANY,
            Unordered,
            Faults(0, 0),
            SHARD,
        ),
    )


def test_keys_without_a_place_are_spread_in_sorted_order_round_robin() -> None:
    text = f"""{SMALL}reads = ["e", "a"]
        [genesis]
        d = 1
        b = 2
        [placement]
        c = "shard.2"
        b = "shard.2"
        """
    placement = scenario("shards = 2\n" + text).setting.placement
    assert {str(key): str(shard) for key, shard in placement.assigned.items()} == {
        "a": "shard.1",
        "b": "shard.2",
        "c": "shard.2",
        "d": "shard.2",
        "e": "shard.1",
    }


def test_64_shards_are_allowed() -> None:
    assert scenario("shards = 64\n" + SMALL).setting.placement.shards == shard_ids(64)


def test_values_at_the_start_may_be_long() -> None:
    longest = 10**640 - 1
    text = f"{SMALL}[genesis]\na = {longest}\nb = -{longest}\nc = 0x7fffffffffffffffff"
    assert scenario(text).setting.genesis == pmap(
        {
            KVSKey("a"): KVSDatum(longest),
            KVSKey("b"): KVSDatum(-longest),
            KVSKey("c"): KVSDatum(2**71 - 1),
        }
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 'the file is empty; expected system = "anoma" and a [[transaction]]'),
        ("# nothing", 'the file is empty; expected system = "anoma" and a [[transaction]]'),
        ("shards = 2", 'no system is given; expected system = "anoma"'),
        ('system = "soma"', ' system: it is "soma"; expected "anoma"'),
        ("system = 1", " system: it is an integer; expected a string"),
        (f"shard = 2\n{SMALL}", f" shard: unknown key; expected one of {FILE_KEYS}"),
        (f'"a b" = 2\n{SMALL}', f' "a b": unknown key; expected one of {FILE_KEYS}'),
        (
            f"{'k' * 99} = 2\n{SMALL}",
            f" {'k' * 60}…: unknown key; expected one of {FILE_KEYS}",
        ),
        (f"shards = 65\n{SMALL}", " shards: it is 65; expected an integer from 1 to 64"),
        (f"shards = 0\n{SMALL}", " shards: it is 0; expected an integer from 1 to 64"),
        (
            f"shards = 0x{'f' * 5000}\n{SMALL}",
            " shards: it is very long; expected an integer from 1 to 64",
        ),
        (f"shards = true\n{SMALL}", " shards: it is a boolean; expected an integer from 1 to 64"),
        (f"shards = 2.0\n{SMALL}", " shards: it is a float; expected an integer from 1 to 64"),
        (f'arrival = "all"\n{SMALL}', ' arrival: it is "all"; expected "any" or "given"'),
        (
            f'delivery = "set"\n{SMALL}',
            ' delivery: it is "set"; expected "unordered" or "fifo"',
        ),
        (
            f"arrival = 1979-05-27\n{SMALL}",
            " arrival: it is a date or a time; expected a string",
        ),
        (
            f"garbage_collection = 1\n{SMALL}",
            " garbage_collection: it is an integer; expected true or false",
        ),
    ],
)
def test_what_a_file_says_wrong_at_its_top_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(text) == f"f.toml:{line if line.startswith(' ') else ' ' + line}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("genesis = [1]", "genesis: it is a list; expected a table [genesis]"),
        ('genesis.alice = "ten"', "genesis.alice: it is a string; expected an integer"),
        ("genesis.alice = true", "genesis.alice: it is a boolean; expected an integer"),
        ('genesis."al ice" = 1.5', 'genesis."al ice": it is a float; expected an integer'),
        ("genesis.a.b = 1", "genesis.a: it is a table; expected an integer"),
        ('genesis."" = 1', f'genesis."": it is ""; expected a key\'s {NAME}'),
        ('genesis."a\\nb" = 1', f'genesis."a\\nb": it is "a\\nb"; expected a key\'s {NAME}'),
        (
            f"genesis.a = 1{'0' * 640}",
            "genesis.a: a very long integer; expected at most 640 decimal digits",
        ),
        ('placement.a = "shard.2"', 'placement.a: there is no shard "shard.2"; expected "shard.1"'),
        (
            'shards = 3\nplacement.a = "4"',
            'placement.a: there is no shard "4"; expected "shard.1" to "shard.3"',
        ),
        ("placement.a = 1", "placement.a: it is an integer; expected a string"),
        ('placement = "shard.1"', "placement: it is a string; expected a table [placement]"),
        (
            "faults.duplicates = 9",
            "faults.duplicates: it is 9; expected an integer from 0 to 8",
        ),
        ("faults.losses = -1", "faults.losses: it is -1; expected an integer from 0 to 8"),
        ("faults.loss = 1", "faults.loss: unknown key; expected one of duplicates, losses"),
    ],
)
def test_what_a_file_says_wrong_in_its_tables_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(f"{text}\n{SMALL}") == f"f.toml: {line}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", " there is no transaction; expected one [[transaction]] at least"),
        ("transaction = []", " there is no transaction; expected one [[transaction]] at least"),
        (
            '[transaction]\nname = "t"',
            " transaction: it is a table; expected tables [[transaction]]",
        ),
        (
            'transaction = ["t"]',
            " transaction[0]: it is a string; expected tables [[transaction]]",
        ),
        (
            "[[transaction]]",
            ' transaction[0]: the transaction has no name; expected name = "…"',
        ),
        (
            '[[transaction]]\nname = ""',
            f' transaction[0].name: it is ""; expected a transaction\'s {NAME}',
        ),
        (
            '[[transaction]]\nname = "a\\tb"',
            f' transaction[0].name: it is "a\\tb"; expected a transaction\'s {NAME}',
        ),
        (
            "[[transaction]]\nname = 1",
            " transaction[0].name: it is an integer; expected a string",
        ),
        (
            '[[transaction]]\nname = "t"\n' * 2,
            (
                ' transaction[1].name: "t" is the name of transaction[0] too; '
                "expected a name of its own for every transaction"
            ),
        ),
        (
            '[[transaction]]\nname = "t"\nread = []',
            (
                " transaction[0].read: unknown key; "
                "expected one of name, reads, lazy_reads, writes, may_writes, program"
            ),
        ),
        (
            '[[transaction]]\nname = "t"\nreads = "a"',
            " transaction[0].reads: it is a string; expected a list of strings",
        ),
        (
            '[[transaction]]\nname = "t"\nreads = ["a", 1]',
            " transaction[0].reads[1]: it is an integer; expected a string",
        ),
        (
            '[[transaction]]\nname = "t"\nmay_writes = ["a", ""]',
            f' transaction[0].may_writes[1]: it is ""; expected a key\'s {NAME}',
        ),
        (
            '[[transaction]]\nname = "t"\nreads = ["b", "a"]\nlazy_reads = ["c", "a", "b"]',
            (
                ' transaction[0].lazy_reads: "a" of transaction "t" is in reads too; '
                "expected every key in one of reads and lazy_reads only"
            ),
        ),
        (
            '[[transaction]]\nname = "t"\nwrites = ["a"]\nmay_writes = ["a"]',
            (
                ' transaction[0].may_writes: "a" of transaction "t" is in writes too; '
                "expected every key in one of writes and may_writes only"
            ),
        ),
        (
            '[[transaction]]\nname = "t"\nprogram = 1',
            " transaction[0].program: it is an integer; expected a string",
        ),
    ],
)
def test_what_is_wrong_with_a_transaction_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(f'system = "anoma"\n{text}') == f"f.toml:{line}"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ('"""\nx = 1\ny = x.z\n"""', f"6:5: an attribute; expected {INTEGER}"),
        ('"""\r\nx = 1\r\ny = x.z\r\n"""', f"6:5: an attribute; expected {INTEGER}"),
        ('"""y = x.z"""', f"4:18: an attribute; expected {INTEGER}"),
        ("'y = x.z'", f"4:16: an attribute; expected {INTEGER}"),
        ('"x = 1\\ny = \\u0078.z"', f"4:23: an attribute; expected {INTEGER}"),
        (
            '"""\nx = \\\n   1.5"""',
            f"6:4: a number with a fraction or exponent; expected {INTEGER}",
        ),
        ("'''\n    x = 1\n    y = x.z\n'''", f"6:9: an attribute; expected {INTEGER}"),
    ],
)
def test_what_is_wrong_in_a_program_is_refused_at_its_place_in_the_file(
    program: str, line: str
) -> None:
    assert refusal(f"{SMALL}program = {program}\n") == f"f.toml:{line}"


def test_a_refused_program_is_found_among_others_and_among_comments() -> None:
    text = """
        system = "anoma"  # program = "x = y.z"
        genesis."program = 'x.y'" = 1
        [[transaction]]
        program = "x = 1"
        name = "program"
        [[transaction]] # program
        name = "[[transaction]]"
        program = '''
          # [[transaction]]
          x = 1
          write("program", 1.5)
          '''
        """
    expected = f"f.toml:12:28: a number with a fraction or exponent; expected {INTEGER}"
    assert refusal(text) == expected


def test_a_program_inside_a_line_is_refused_at_its_place() -> None:
    text = """system = "anoma"
transaction = [{name = "a"}, {name = "b", reads = ["x", "]"], program = "x = y.z"}]"""
    assert refusal(text) == f"f.toml:2:78: an attribute; expected {INTEGER}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[[expect]]",
            f" expect[0]: neither at_rest nor always; expected one of them: {EXPRESSION}",
        ),
        (
            '[[expect]]\nat_rest = "1"\nalways = "1"',
            f" expect[0]: both at_rest and always; expected one of them: {EXPRESSION}",
        ),
        (
            '[[expect]]\nsometimes = "1"',
            " expect[0].sometimes: unknown key; expected one of at_rest, always",
        ),
        ('[expect]\nalways = "1"', " expect: it is a table; expected tables [[expect]]"),
        ("[[expect]]\nalways = 1", " expect[0].always: it is an integer; expected a string"),
        (
            '[[expect]]\nalways = "1"\n[[expect]]\nat_rest = " 1 "',
            " expect[1].at_rest: the same expectation again; expected an expectation of its own",
        ),
        (
            "[[expect]]\nat_rest = 'a == 0'",
            (
                "5:12: a is no key of this scenario; "
                "expected a key of [genesis] or of a transaction's label"
            ),
        ),
        (
            "[[expect]]\nat_rest = '''1\n < read(\"a\")'''",
            f"6:1: syntax error: unexpected indent; expected {EXPRESSION}",
        ),
        (
            "[[expect]]\nat_rest = '''(1\n < read(\"a\"))'''",
            f"6:4: a call of read; expected {EXPRESSION}",
        ),
    ],
)
def test_what_is_wrong_with_an_expectation_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(f"{SMALL}{text}") == f"f.toml:{line}"


@pytest.mark.parametrize("name", ["transfer", "lazy", "fail"])
def test_the_example_files_are_scenarios(name: str) -> None:
    file = str(EXAMPLES / f"{name}.toml")
    found = read_scenario(file)
    assert (found.file, len(found.setting.transactions)) == (file, 3 if name == "fail" else 2)
    assert found.expectations != ()


# At random: whatever the bytes, a scenario or one line


def refused_in_one_line(content: bytes) -> None:
    """Nothing else comes of a file than a scenario or a refusal in one line of some length."""
    try:
        scenario_in(parse_document(content, "f.toml"))
    except ScenarioError as error:
        text = str(error)
        assert text.isprintable()
        assert len(text) < 1000


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_one_line(content: bytes) -> None:
    refused_in_one_line(content)


@given(st.text(max_size=60))
def test_any_program_is_compiled_or_refused_in_one_line(text: str) -> None:
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    refused_in_one_line(f'{SMALL}program = "{escaped}"\n'.encode(errors="replace"))
    refused_in_one_line(f'{SMALL}[[expect]]\nalways = "{escaped}"\n'.encode(errors="replace"))


PIECES = (
    *('"', "'", '"""', "'''", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "\n", "\\", "\0"),
    *("true", "1", "-1", "1.5", "shards", "reads", "a", "(", ")", "é", "\r", "\t", "nan", "inf"),
)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(FULL)), st.integers(0, 12), st.sampled_from(PIECES) | st.just("")
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_is_a_scenario_or_refused_in_one_line(
    damages: list[tuple[int, int, str]],
) -> None:
    text = FULL
    for place, removed, piece in damages:
        text = text[:place] + piece + text[place + removed :]
    refused_in_one_line(text.encode())


@given(st.integers(0, len(FULL)), st.binary(min_size=1, max_size=3))
def test_a_file_with_foreign_bytes_is_a_scenario_or_refused_in_one_line(
    place: int, foreign: bytes
) -> None:
    content = FULL.encode()
    refused_in_one_line(content[:place] + foreign + content[place:])
