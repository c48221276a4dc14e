"""Scenarios as worlds: what is in them, and that every run comes to what one transaction at a time comes to.

The second part judges from outside: an evaluator that shares no code with the specification reads the file,
executes the transactions one at a time in every order, and what an exhaustive search finds is compared with it.
"""

import ast
import operator
import textwrap
import tomllib
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.model import Model, World
from models.scenario.build import load_scenario, world_of
from models.scenario.document import parse_document
from models.scenario.errors import ScenarioError
from models.scenario.file import scenario_in
from models.search.exhaustive import explore
from models.worlds import anoma_world, standard_properties
from properties.anoma.claims import witnesses
from properties.outcome import Outcome as SpecifiedOutcome
from properties.outcome import outcome_of
from properties.property import Kind
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.delivery import Fifo
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults

EXAMPLES = Path(__file__).parents[3] / "docs" / "scenarios"

SMALL = """
system = "anoma"
shards = 2
arrival = "given"
delivery = "fifo"
faults.duplicates = 1
genesis.a = 7
[[transaction]]
name = "first"
reads = ["a"]
[[transaction]]
name = "second"
writes = ["b"]
[[expect]]
at_rest = "a == 7"
"""


def world(text: str) -> World:
    """The world of a scenario."""
    return world_of(scenario_in(parse_document(text.encode(), "f.toml")))


def test_a_file_is_loaded_as_a_model(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL)
    model = load_scenario(str(file))
    assert model == Model(
        str(file), "anoma", "2 transactions over 2 keys on 2 shards.", (), model.build
    )
    built, expected = model.build({}), world(SMALL)
    assert (built.system, built.state) == (expected.system, expected.state)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file"):
        load_scenario(str(tmp_path / "none.toml"))


def test_a_world_is_as_its_scenario_says() -> None:
    scenario = scenario_in(parse_document(SMALL.encode(), "f.toml"))
    found, client = world_of(scenario), on_local_node("client")
    assert evolve(found, properties=()) == anoma_world(scenario.setting, ())
    assert (found.system.discipline, found.system.faults) == (Fifo, Faults(duplicates=1))
    assert found.genesis == pmap({"a": 7, "b": 0})
    assert found.transactions == pmap(
        {
            RequestId(client, RequestNumber(1)): "first",
            RequestId(client, RequestNumber(2)): "second",
        }
    )


def test_a_world_is_judged_by_the_specification_and_by_its_author() -> None:
    scenario = scenario_in(parse_document(SMALL.encode(), "f.toml"))
    *others, own = world_of(scenario).properties
    setting = scenario.setting
    candidates = tuple(each.candidate for each in setting.transactions)
    demanded = (*standard_properties(setting), *witnesses(candidates, setting.genesis))
    assert [each.name for each in others] == [each.name for each in demanded]
    assert {each.kind for each in others} == set(Kind)
    assert (own.name, own.kind) == ("a == 7", Kind.AT_REST)


# From outside

Summary = tuple[bool, str | None, dict[str, int], dict[str, int]]
"""Success, reason, values read, values written."""

Outcome = tuple[dict[str, int], dict[str, Summary]]
"""The store, and the summaries by name."""

ARITHMETIC: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: lambda left, right: left // right,
    ast.Mod: operator.mod,
}
COMPARISONS: dict[type, Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class Failed(Exception):  # noqa: N818 it is an outcome
    """The transaction failed."""


class Execution:
    """One transaction that runs alone."""

    def __init__(self, transaction: dict[str, Any], store: dict[str, int]) -> None:
        lists = ("reads", "lazy_reads", "writes", "may_writes")
        eager, lazy, will, may = (transaction.get(name, []) for name in lists)
        self.readable, self.writable = {*eager, *lazy}, {*will, *may}
        self.store = store
        self.names: dict[str, int] = {}
        self.read: dict[str, int] = {}
        self.written: dict[str, int] = {}

    def summary(self, program: str) -> Summary:
        """What the transaction comes to."""
        try:
            self.run(ast.parse(textwrap.dedent(program)).body)
        except Failed as failed:
            return False, str(failed), self.read, {}
        except ZeroDivisionError:
            return False, "division-by-zero", self.read, {}
        return True, None, self.read, self.written

    def run(self, statements: list[ast.stmt]) -> None:
        """Carry out statements."""
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.names[name] = self.number(statement.value)
                case ast.If():
                    self.run(statement.body if self.number(statement.test) else statement.orelse)
                case ast.Expr(value=ast.Call(func=ast.Name(id="write"), args=[key, datum])):
                    self.write(self.text(key), self.number(datum))
                case ast.Expr(value=ast.Call(func=ast.Name(id="fail"), args=[message])):
                    raise Failed(f"fail: {self.text(message)}")
                case ast.Expr():
                    self.number(statement.value)
                case _:
                    assert isinstance(statement, ast.Pass)

    def write(self, key: str, datum: int) -> None:
        """Write a key."""
        if key not in self.writable:
            raise Failed(f"undeclared-write {key}")
        self.written[key] = datum

    def number(self, node: ast.expr) -> int:
        """The value of an integer expression."""
        match node:
            case ast.Constant(value=int() as constant):
                return constant
            case ast.Name(id=name):
                if name not in self.names:
                    raise Failed(f"unset-name {name}")
                return self.names[name]
            case ast.Call(func=ast.Name(id="read"), args=[key]):
                return self.value_of(self.text(key))
            case ast.BinOp():
                left, right = self.number(node.left), self.number(node.right)
                return ARITHMETIC[type(node.op)](left, right)
            case ast.Compare(ops=[comparison], comparators=[comparator]):
                left, right = self.number(node.left), self.number(comparator)
                return int(COMPARISONS[type(comparison)](left, right))
            case ast.BoolOp():
                decide = all if isinstance(node.op, ast.And) else any
                return int(decide(self.number(operand) for operand in node.values))
            case ast.IfExp():
                return self.number(node.body if self.number(node.test) else node.orelse)
            case _:
                raise AssertionError(ast.dump(node))

    def value_of(self, key: str) -> int:
        """Read a key."""
        if key not in self.readable:
            raise Failed(f"undeclared-read {key}")
        self.read[key] = self.store.get(key, 0)
        return self.read[key]

    def text(self, node: ast.expr) -> str:
        """The value of a string expression."""
        match node:
            case ast.Constant(value=str() as constant):
                return constant
            case ast.BinOp():
                return self.text(node.left) + self.text(node.right)
            case ast.Call(args=[argument]):
                return str(self.number(argument))
            case _:
                raise AssertionError(ast.dump(node))


def one_at_a_time(file: dict[str, Any], order: tuple[str, ...]) -> Outcome:
    """What the transactions of a file come to in an order."""
    transactions = {each["name"]: each for each in file["transaction"]}
    lists = ("reads", "lazy_reads", "writes", "may_writes")
    labels = {key for each in transactions.values() for name in lists for key in each.get(name, [])}
    store: dict[str, int] = dict.fromkeys(labels, 0) | file.get("genesis", {})
    summaries: dict[str, Summary] = {}
    for name in order:
        execution = Execution(transactions[name], dict(store))
        summaries[name] = execution.summary(transactions[name].get("program", ""))
        store |= summaries[name][3]
    return store, summaries


def orders(file: dict[str, Any]) -> list[tuple[str, ...]]:
    """The orders in which requests may arrive."""
    names = tuple(each["name"] for each in file["transaction"])
    return [names] if file.get("arrival") == "given" else sorted(permutations(names))


def shown(searched: World, outcome: SpecifiedOutcome) -> tuple[tuple[str, ...], Outcome]:
    """An outcome of the specification, for comparison: order, store and summaries."""
    summaries = {
        searched.transactions[request]: (
            summary.failure is None,
            None if summary.failure is None else str(summary.failure),
            {str(key): int(seen.datum) for key, seen in summary.values_read.items()},
            {str(key): int(datum) for key, datum in summary.values_written.items()},
        )
        for request, summary in outcome.summaries.items()
    }
    store = dict(searched.genesis) | {str(key): int(datum) for key, datum in outcome.store.items()}
    order = tuple(searched.transactions[request] for request in outcome.order)
    return order, (store, summaries)


def compare(text: str) -> None:
    """Search a scenario exhaustively; its outcomes are those of one transaction at a time."""
    searched = evolve(world(text), properties=())
    result = explore(searched)
    assert result.complete
    found: dict[tuple[str, ...], list[Outcome]] = {}
    for state in result.resting:
        order, outcome = shown(searched, outcome_of(state))
        if outcome not in found.setdefault(order, []):
            found[order].append(outcome)
    file = tomllib.loads(text)
    assert found == {order: [one_at_a_time(file, order)] for order in orders(file)}


LAZY = """
shards = 2
[genesis]
switch = 1
left = 5
[[transaction]]
name = "follow"
reads = ["switch"]
lazy_reads = ["left", "right"]
writes = ["sum"]
program = 'write("sum", read("left") + 1 if read("switch") else read("right"))'
[[transaction]]
name = "turn"
lazy_reads = ["switch"]
writes = ["left"]
may_writes = ["switch"]
program = '''
write("left", 1)
if read("switch") == 1:
    write("switch", 0)
write("left", read("switch") + 8)
'''
"""

FAILING = """
[genesis]
stock = 2
[[transaction]]
name = "take two"
reads = ["stock"]
writes = ["stock"]
may_writes = ["sold"]
program = '''
write("stock", read("stock") - 2)
if read("stock") < 2:
    write("sold", 2)
    fail("only " + str(read("stock")) + " left")
write("sold", 100 // read("stock"))
'''
[[transaction]]
name = "take one"
reads = ["stock"]
lazy_reads = ["sold"]
writes = ["stock"]
program = '''
x = read("stock")
write("stock", x - 1)
if read("sold") == 50:
    write("stock", 10 // x)
if x == 2:
    write("stock", x - y)
'''
"""

STRAY = """
shards = 2
genesis.a = 3
[[transaction]]
name = "reads"
reads = ["a"]
writes = ["b"]
program = '''
write("b", read("a"))
write("b", read("b"))
'''
[[transaction]]
name = "writes"
lazy_reads = ["b"]
writes = ["a"]
may_writes = ["b"]
program = '''
write("a", 4)
write("a", read("b") + 1)
write("c", 1)
'''
"""

EMPTY = """
[[transaction]]
name = "nothing"
[[transaction]]
name = "announces too much"
reads = ["a"]
lazy_reads = ["b"]
writes = ["a"]
may_writes = ["b"]
"""

COUNTER = """
[[transaction]]
name = "one"
reads = ["n"]
writes = ["n"]
program = 'write("n", 10 * read("n") + 1)'
[[transaction]]
name = "two"
lazy_reads = ["n"]
may_writes = ["n"]
program = 'write("n", 10 * read("n") + 2)'
"""

ALONE = """
shards = 2
faults.duplicates = 1
genesis.a = 3
[[transaction]]
name = "alone"
reads = ["a"]
lazy_reads = ["b"]
writes = ["a"]
may_writes = ["b"]
program = '''
if read("a") == 3:
    write("b", read("b") + 1)
'''
"""

TWICE = """
faults.duplicates = 1
[[transaction]]
name = "one"
lazy_reads = ["n"]
writes = ["n"]
program = 'write("n", 10 * read("n") + 1)'
[[transaction]]
name = "two"
program = 'fail("no")'
"""

SCENARIOS = {
    "lazy": LAZY,
    "failing": FAILING,
    "stray": STRAY,
    "empty": EMPTY,
    "counter": COUNTER,
    "alone": ALONE,
    "twice": TWICE,
}

DELIVERIES = ("unordered", "fifo")


@pytest.mark.parametrize("delivery", DELIVERIES)
@pytest.mark.parametrize("name", ["stray", "empty", "alone"])
def test_small_outcomes_are_those_of_one_transaction_at_a_time(name: str, delivery: str) -> None:
    compare(f'system = "anoma"\ndelivery = "{delivery}"\n{SCENARIOS[name]}')


@pytest.mark.slow
@pytest.mark.parametrize("collecting", ["false", "true"])
@pytest.mark.parametrize("arrival", ["any", "given"])
@pytest.mark.parametrize("delivery", DELIVERIES)
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_outcomes_are_those_of_one_transaction_at_a_time(
    name: str, delivery: str, arrival: str, collecting: str
) -> None:
    compare(
        f'system = "anoma"\ndelivery = "{delivery}"\narrival = "{arrival}"\n'
        f"garbage_collection = {collecting}\n{SCENARIOS[name]}"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fail", "lazy", "transfer"])
def test_the_outcomes_of_the_examples_are_those_of_one_transaction_at_a_time(name: str) -> None:
    compare((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
