"""The language of scenario programs: a small subset of Python's grammar.

Statements: assignment to one name, if/elif/else, `pass`, `read(KEY)`, `write(KEY, VALUE)` and
`fail(MESSAGE)`. Values are integers; strings occur only in keys and messages. All else is refused
at its line and column. What a program means is said by `spec.anoma.program.Program`.
"""

import ast
from itertools import chain

from attrs import frozen

from models.scenario.errors import ScenarioError
from models.scenario.expressions import Code, Expressions, branch, called
from models.scenario.source import nesting_limit, parse, read_source
from spec.anoma.instructions import Drop, Fail, Store, Write
from spec.anoma.program import Program

STATEMENT = "NAME = INTEGER, if/elif/else, read(KEY), write(KEY, VALUE), fail(MESSAGE) or pass"
"""What may stand as a statement."""

OTHER_STATEMENTS: dict[type[ast.AST], str] = {
    ast.For: "a loop",
    ast.AsyncFor: "a loop",
    ast.While: "a loop",
    ast.Break: "break",
    ast.Continue: "continue",
    ast.AugAssign: "an assignment with an operator",
    ast.AnnAssign: "an annotation",
    ast.FunctionDef: "a function definition",
    ast.AsyncFunctionDef: "a function definition",
    ast.ClassDef: "a class definition",
    ast.Import: "an import",
    ast.ImportFrom: "an import",
    ast.Return: "return",
    ast.Delete: "del",
    ast.With: "with",
    ast.AsyncWith: "with",
    ast.Match: "match",
    ast.Raise: "raise",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.Assert: "assert",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
}
"""Python's statements that the language has not."""


def compile_program(source: str, file: str, first_line: int = 1) -> Program:
    """The program that a text says; a ScenarioError where it is not in the language.

    The text may be indented as a whole. Lines count from `first_line`, the file's line in which it
    begins; columns count characters of the file from 1.
    """
    text = read_source(source, file, first_line)
    try:
        return Program(Statements(Expressions(text)).block(parse(text).body))
    except (RecursionError, MemoryError):  # from Python's parser, or with little stack left
        raise text.error_at(1, 1, "the program nests too deep", nesting_limit()) from None


@frozen
class Statements:
    """The compiler of statements; each leaves the stacks as it found them."""

    expressions: Expressions
    """The compiler of the expressions in them."""

    def block(self, statements: list[ast.stmt]) -> Code:
        """The code of statements one after the other."""
        return tuple(chain.from_iterable(self._statement(statement) for statement in statements))

    def _statement(self, node: ast.stmt) -> Code:
        """The code of one statement."""
        match node:
            case ast.Assign():
                return self._assignment(node)
            case ast.If():
                test = self.expressions.integer(node.test)
                return branch([test], self.block(node.body), self.block(node.orelse))
            case ast.Expr(value=ast.Call() as call):
                return self._call(call)
            case ast.Expr():
                raise self._refusal(node, "an expression alone")
            case ast.Pass():
                return ()
            case _:
                what = OTHER_STATEMENTS.get(type(node), "a statement that is not in the language")
                raise self._refusal(node, what)

    def _assignment(self, node: ast.Assign) -> Code:
        """An assignment of one integer to one name."""
        if len(node.targets) > 1:
            raise self._refusal(node, "a chained assignment")
        target = node.targets[0]
        if not isinstance(target, ast.Name):
            raise self.expressions.refusal(target, STATEMENT)
        name = self.expressions.name(target)
        return (*self.expressions.integer(node.value), Store(name))

    def _call(self, call: ast.Call) -> Code:
        """A call as a statement."""
        match called(call):
            case "read":
                return (*self.expressions.integer(call), Drop())
            case "write":
                key, value = self.expressions.arguments(call, 2)
                return (*self.expressions.text(key), *self.expressions.integer(value), Write())
            case "fail":
                (message,) = self.expressions.arguments(call, 1)
                return (*self.expressions.text(message), Fail())
            case _:
                raise self.expressions.refusal(call, STATEMENT)

    def _refusal(self, node: ast.stmt, what: str) -> ScenarioError:
        """The error for a statement that the language has not."""
        return self.expressions.source.error(node, what, STATEMENT)
