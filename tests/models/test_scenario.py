"""The scenario language against an independent evaluator, on random programs and stores."""

import ast
import textwrap
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from models.scenario.language import compile_program
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.program import Program
from spec.anoma.runnable import (
    Aborted,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Start,
    WriteRequest,
)

Values = Mapping[str, int]
Run = tuple[tuple[Output, ...], str]
"""All outputs in order, and why it failed; empty when it halted."""


def run(program: Program, store: Values) -> Run:
    """Run a program against a store until it halts or fails."""
    outputs: tuple[Output, ...] = ()
    state = program.starting_state()
    feed: Input = Start(())
    while True:
        result = program.execute_step(state, feed)
        outputs += result.outputs
        if isinstance(result, Aborted):
            return outputs, str(result.failure)
        state = result.state
        key = program.awaits(state)
        if key is None:
            assert program.halted(state)
            return outputs, ""
        assert result.outputs[-1] == ReadRequest(key)
        feed = ReadValue(key, KVSDatum(store.get(key, 0)))


def read(key: str) -> ReadRequest:
    return ReadRequest(KVSKey(key))


def write(key: str, datum: int) -> WriteRequest:
    return WriteRequest(KVSKey(key), KVSDatum(datum))


# An independent evaluator: it walks the syntax tree with the store at hand


class Failed(Exception):  # noqa: N818 it is an outcome
    """The program failed."""


class Evaluator:
    """The values and outputs so far, and how each kind of node adds to them."""

    def __init__(self, store: Values) -> None:
        self.store = store
        self.names: dict[str, int] = {}
        self.outputs: list[Output] = []

    def run(self, source: str) -> Run:
        """All outputs in order, and why it failed."""
        try:
            self.block(ast.parse(source).body)
        except Failed as failed:
            return tuple(self.outputs), str(failed)
        except ZeroDivisionError:
            return tuple(self.outputs), "division-by-zero"
        return tuple(self.outputs), ""

    def block(self, statements: list[ast.stmt]) -> None:
        """Carry out statements."""
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Carry out a statement."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                self.names[name] = self.number(node.value)
            case ast.If():
                self.block(node.body if self.number(node.test) else node.orelse)
            case ast.Expr(value=ast.Call(func=ast.Name(id="write"), args=[key, datum])):
                text = self.text(key)
                self.outputs.append(write(text, self.number(datum)))
            case ast.Expr(value=ast.Call(func=ast.Name(id="fail"), args=[message])):
                raise Failed(f"fail: {self.text(message)}".rstrip())
            case ast.Expr(value=expression):
                self.number(expression)
            case _:
                assert isinstance(node, ast.Pass)

    def number(self, node: ast.expr) -> int:
        """The value of an integer expression."""
        match node:
            case ast.Constant(value=int() as constant):
                return constant
            case ast.Name(id=name):
                if name not in self.names:
                    raise Failed(f"unset-name {name}")
                return self.names[name]
            case ast.Call(args=[key]):
                text = self.text(key)
                self.outputs.append(read(text))
                return self.store.get(text, 0)
            case _:
                return self.operation(node)

    def operation(self, node: ast.expr) -> int:
        """The value of an operator's expression."""
        match node:
            case ast.UnaryOp(op=ast.USub()):
                return -self.number(node.operand)
            case ast.UnaryOp():
                return int(not self.number(node.operand))
            case ast.BinOp():
                left, right = self.number(node.left), self.number(node.right)
                return operate(node.op, left, right)
            case ast.BoolOp(op=ast.And()):
                return int(all(self.number(operand) for operand in node.values))
            case ast.BoolOp():
                return int(any(self.number(operand) for operand in node.values))
            case ast.IfExp():
                return self.number(node.body if self.number(node.test) else node.orelse)
            case ast.Compare():
                return self.chain(node)
            case _:
                raise AssertionError(ast.dump(node))

    def chain(self, node: ast.Compare) -> int:
        """The value of a chain of comparisons."""
        left = self.number(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.number(comparator)
            if not holds(operator, left, right):
                return 0
            left = right
        return 1

    def text(self, node: ast.expr) -> str:
        """The value of a string expression."""
        match node:
            case ast.Constant(value=str() as constant):
                return constant
            case ast.BinOp():
                return self.text(node.left) + self.text(node.right)
            case ast.IfExp():
                return self.text(node.body if self.number(node.test) else node.orelse)
            case ast.Call(args=[number]):
                return str(self.number(number))
            case _:
                raise AssertionError(ast.dump(node))


def operate(operator: ast.operator, left: int, right: int) -> int:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.FloorDiv():
            return left // right
        case _:
            return left % right


def holds(operator: ast.cmpop, left: int, right: int) -> bool:
    match operator:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
        case _:
            return left >= right


# Random programs

KEY_NAMES = ["a", "b", "k0", "k1"]
NAMES = st.sampled_from(["x", "y", "z"])


def joined(separators: list[str], operands: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Two to four operands with operators between them."""
    more = st.lists(st.tuples(st.sampled_from(separators), operands), min_size=1, max_size=3)
    return st.tuples(operands, more).map(
        lambda drawn: f"({drawn[0]} {' '.join(f'{sign} {operand}' for sign, operand in drawn[1])})"
    )


def conditional(
    tests: st.SearchStrategy[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.tuples(values, tests, values).map(lambda d: f"({d[0]} if {d[1]} else {d[2]})")


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3) -> str:
    leaves = [
        st.integers(0, 3).map(str),
        NAMES,
        st.sampled_from(KEY_NAMES).map('read("{}")'.format),
    ]
    if depth == 0:
        return draw(st.one_of(leaves))
    inner = numbers(depth - 1)
    choice: st.SearchStrategy[str] = st.one_of(
        *leaves,
        joined(["+", "-", "*", "//", "%"], inner),
        joined(["==", "!=", "<", "<=", ">", ">="], inner),
        joined(["and"], inner),
        joined(["or"], inner),
        inner.map("-{}".format),
        inner.map("(not {})".format),
        conditional(inner, inner),
        texts(depth - 1).map("read({})".format),
    )
    return draw(choice)


@st.composite
def texts(draw: st.DrawFn, depth: int = 2) -> str:
    leaves = st.sampled_from([f'"{key}"' for key in KEY_NAMES])
    if depth == 0:
        return draw(leaves)
    inner = texts(depth - 1)
    digits = numbers(depth - 1).map("str({})".format)
    return draw(
        st.one_of(
            leaves, digits, digits.map('"k" + {}'.format), joined(["+"], inner),
            conditional(numbers(depth - 1), inner),
        )
    )  # fmt: skip


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> str:
    simple = st.one_of(
        st.tuples(NAMES, numbers()).map(" = ".join),
        st.tuples(NAMES, numbers()).map(" = ".join),
        st.tuples(texts(), numbers()).map(lambda d: f"write({d[0]}, {d[1]})"),
        texts().map("read({})".format),
        texts().map("fail({})".format),
        st.just("pass"),
    )
    statement = simple
    if depth:
        inner = blocks(depth - 1).map(lambda block: textwrap.indent(block, "    "))
        statement = st.one_of(
            simple,
            st.tuples(numbers(), inner, numbers(), inner, inner).map(
                lambda d: f"if {d[0]}:\n{d[1]}\nelif {d[2]}:\n{d[3]}\nelse:\n{d[4]}"
            ),
            st.tuples(numbers(), inner).map(lambda d: f"if {d[0]}:\n{d[1]}"),
        )
    return "\n".join(draw(st.lists(statement, min_size=1, max_size=4)))


SETTING = "x = 1\ny = 0\n"
STORES = st.dictionaries(st.sampled_from(KEY_NAMES), st.integers(-3, 3))


@given(st.booleans(), blocks(), STORES)
def test_a_compiled_program_does_what_the_text_says(
    set_first: bool,  # noqa: FBT001 drawn
    block: str,
    store: dict[str, int],
) -> None:
    source = SETTING + block if set_first else block
    assert run(compile_program(source, "f.toml"), store) == Evaluator(store).run(source)
