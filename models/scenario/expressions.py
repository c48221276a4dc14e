"""Compiling the expressions of scenario programs: integers, and the texts of keys and messages."""

import ast
from itertools import chain

from attrs import frozen

from models.scenario.errors import ScenarioError
from models.scenario.source import Placed, Source
from spec.anoma.arithmetic import ArithmeticOperator, ComparisonOperator
from spec.anoma.instructions import (
    Arithmetic,
    Comparison,
    Drop,
    Instruction,
    Join,
    Jump,
    JumpIfZero,
    Load,
    Negate,
    Not,
    Number,
    Read,
    Text,
    ToText,
    Tuck,
)

Code = tuple[Instruction, ...]
"""A stretch of instructions that can stand anywhere: its jumps stay inside it."""

MAX_DIGITS = 640
"""The decimal digits an integer literal may have: as many as every Python agrees to read."""

FUNCTIONS = {
    "read": "read(KEY)",
    "write": "write(KEY, VALUE)",
    "fail": "fail(MESSAGE)",
    "str": "str(INTEGER)",
}
"""The functions of the language, and how each is called."""

INTEGER = (
    "an integer: a literal, a name, + - * // %, a comparison (== != < <= > >=), and, or, not, "
    "a conditional expression or read(KEY)"
)
"""What may stand where an integer is wanted."""

STRING = 'a string: a literal ("alice"), +, str(INTEGER) or a conditional expression'
"""What may stand where a key or a message is wanted."""

ARITHMETIC: dict[type[ast.operator], ArithmeticOperator] = {
    ast.Add: ArithmeticOperator.ADD,
    ast.Sub: ArithmeticOperator.SUBTRACT,
    ast.Mult: ArithmeticOperator.MULTIPLY,
    ast.FloorDiv: ArithmeticOperator.FLOOR_DIVIDE,
    ast.Mod: ArithmeticOperator.MODULO,
}
"""The operators between integers."""

COMPARISONS: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Eq: ComparisonOperator.EQUAL,
    ast.NotEq: ComparisonOperator.NOT_EQUAL,
    ast.Lt: ComparisonOperator.LESS,
    ast.LtE: ComparisonOperator.LESS_OR_EQUAL,
    ast.Gt: ComparisonOperator.GREATER,
    ast.GtE: ComparisonOperator.GREATER_OR_EQUAL,
}
"""The comparisons of integers."""

OTHER_OPERATORS: dict[type[ast.AST], str] = {
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.UAdd: "unary +",
    ast.Invert: "~",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
"""Python's operators that the language has not."""

OTHER_EXPRESSIONS: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.Subscript: "a subscript",
    ast.NamedExpr: "an assignment inside an expression",
    ast.Lambda: "a lambda",
    ast.JoinedStr: "an f-string",
    ast.Tuple: "a tuple",
    ast.List: "a list",
    ast.Set: "a set",
    ast.Dict: "a dictionary",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Starred: "an unpacking",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
}
"""Python's expressions that the language has not."""


def branch(tests: list[Code], then: Code, otherwise: Code) -> Code:
    """Run the tests in order; `otherwise` at the first that leaves 0, `then` when none does."""
    ending = (*then, Jump(len(otherwise)), *otherwise)
    to_otherwise = len(then) + 1
    pieces = [ending]
    for test in reversed(tests):
        pieces.append((*test, JumpIfZero(to_otherwise)))
        to_otherwise += len(test) + 1
    return tuple(chain.from_iterable(reversed(pieces)))


@frozen
class Expressions:
    """The compiler of expressions: operands from left to right, each at most once."""

    source: Source
    """The text that is compiled."""

    def integer(self, node: ast.expr) -> Code:
        """The code that leaves the expression's value as a number; a string is refused."""
        match node:
            case ast.Constant():
                return (Number(self._literal(node)),)
            case ast.Name():
                return (Load(self.name(node)),)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp():
                return self._boolean(node)
            case ast.IfExp():
                return branch(
                    [self.integer(node.test)], self.integer(node.body), self.integer(node.orelse)
                )
            case ast.Call():
                return self._read(node)
            case _:
                raise self.refusal(node, INTEGER)

    def text(self, node: ast.expr) -> Code:
        """The code that leaves the expression's value as a text; an integer is refused."""
        match node:
            case ast.Constant(value=str() as value):
                return (Text(self._encodable(node, value)),)
            case ast.BinOp(op=ast.Add()):
                return (*self.text(node.left), *self.text(node.right), Join())
            case ast.IfExp():
                return branch(
                    [self.integer(node.test)], self.text(node.body), self.text(node.orelse)
                )
            case ast.Call() if called(node) == "str":
                (argument,) = self.arguments(node, 1)
                return (*self.integer(argument), ToText())
            case _:
                raise self._not_a_string(node)

    def name(self, node: ast.Name) -> str:
        """The name of a value; the functions' names are taken."""
        if node.id in FUNCTIONS:
            what = f"{node.id} is a function, not a value"
            raise self.source.error(node, what, FUNCTIONS[node.id])
        return node.id

    def arguments(self, call: ast.Call, count: int) -> list[ast.expr]:
        """The arguments of a call of a function of the language, as many as it takes."""
        name = called(call)
        form = FUNCTIONS[name]
        for keyword in call.keywords:
            raise self.source.error(keyword, "a keyword argument", form)
        for argument in call.args:
            if isinstance(argument, ast.Starred):
                raise self.source.error(argument, "an unpacking", form)
        if len(call.args) != count:
            raise self.source.error(call, f"{name} with {len(call.args)} arguments", form)
        return call.args

    def refusal(self, node: ast.expr, expected: str) -> ScenarioError:
        """The error for an expression that the language has not, or not here."""
        if isinstance(node, ast.Call):
            return self.source.error(node, misplaced_call(node), expected)
        what = OTHER_EXPRESSIONS.get(type(node), "an expression that is not allowed here")
        return self.source.error(node, what, expected)

    def operator_refusal(self, node: Placed, operator: ast.AST) -> ScenarioError:
        """The error for an operator that the language has not, or not here."""
        sign = OTHER_OPERATORS.get(type(operator), "an operator")
        return self.source.error(node, f"{sign} is not in the language", INTEGER)

    def _literal(self, node: ast.Constant) -> int:
        """The value of an integer literal; True and False are none."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.source.error(node, describe_constant(value), INTEGER)
        if value >= 10**MAX_DIGITS:
            what, limit = "a very long integer literal", f"at most {MAX_DIGITS} decimal digits"
            raise self.source.error(node, what, limit)
        return value

    def _encodable(self, node: ast.Constant, value: str) -> str:
        """A string literal that is Unicode text: no halves of surrogate pairs."""
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.source.error(node, "a string with a lone surrogate", "Unicode text")
        return value

    def _unary(self, node: ast.UnaryOp) -> Code:
        """Minus and `not`."""
        match node.op:
            case ast.USub():
                return (*self.integer(node.operand), Negate())
            case ast.Not():
                return (*self.integer(node.operand), Not())
            case _:
                raise self.operator_refusal(node, node.op)

    def _binary(self, node: ast.BinOp) -> Code:
        """An arithmetic operator between two integers."""
        operator = ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self.operator_refusal(node, node.op)
        return (*self.integer(node.left), *self.integer(node.right), Arithmetic(operator))

    def _comparison(self, node: ast.Compare) -> Code:
        """A chain of comparisons: it ends with the first that is not so; 1 or 0."""
        first = self.integer(node.left)
        operands = [self.integer(operand) for operand in node.comparators]
        operators = [self._comparison_operator(node, operator) for operator in node.ops]
        if len(operators) == 1:
            return (*first, *operands[0], Comparison(operators[0]))
        links: list[Code] = [
            (*operand, Tuck(), Comparison(operator))
            for operand, operator in zip(operands[:-1], operators[:-1], strict=True)
        ]
        last: Code = (*operands[-1], Comparison(operators[-1]))
        return (*first, *branch(links, last, (Drop(), Number(0))))

    def _comparison_operator(self, node: ast.Compare, operator: ast.cmpop) -> ComparisonOperator:
        """The comparison that an operator stands for."""
        comparison = COMPARISONS.get(type(operator))
        if comparison is None:
            raise self.operator_refusal(node, operator)
        return comparison

    def _boolean(self, node: ast.BoolOp) -> Code:
        """`and` and `or`: operands up to the one that settles it; 1 or 0."""
        values = [self.integer(value) for value in node.values]
        if isinstance(node.op, ast.And):
            return branch(values, (Number(1),), (Number(0),))
        return branch([(*value, Not()) for value in values], (Number(0),), (Number(1),))

    def _read(self, node: ast.Call) -> Code:
        """A call where an integer is wanted: only `read` gives one."""
        if called(node) != "read":
            raise self.refusal(node, INTEGER)
        (key,) = self.arguments(node, 1)
        return (*self.text(key), Read())

    def _not_a_string(self, node: ast.expr) -> ScenarioError:
        """The error for what stands where a string is wanted."""
        match node:
            case ast.Constant():
                return self.source.error(node, describe_constant(node.value), STRING)
            case ast.Name():
                what = f"{node.id} is a name, and names hold integers"
                return self.source.error(node, what, STRING)
            case ast.UnaryOp() | ast.BinOp() | ast.BoolOp() | ast.Compare():
                return self.source.error(node, "an operator that gives no string", STRING)
            case _:
                return self.refusal(node, STRING)


def called(call: ast.Call) -> str:
    """The name that a call calls; empty when it calls something else than a name."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def misplaced_call(call: ast.Call) -> str:
    """What is wrong with a call that may not stand where it does."""
    name = called(call)
    if not name:
        return "a call of something that is not a function's name"
    if name not in FUNCTIONS:
        return f"a call of {name}"
    if name in ("write", "fail"):
        return f"{name} inside an expression: it is a statement"
    return f"{name} gives {'an integer' if name == 'read' else 'a string'}"


def describe_constant(value: object) -> str:
    """What a literal is that may not stand where it does."""
    match value:
        case bool() | None:
            return f"{value} is not in the language"
        case int():
            return "an integer where a string is wanted"
        case str():
            return "a string where an integer is wanted"
        case float():
            return "a number with a fraction or exponent"
        case complex():
            return "a complex number"
        case bytes():
            return "a bytes literal"
        case _:
            return "... is not in the language"
