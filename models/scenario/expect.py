"""Expectations: what the author of a scenario says of the store, beside what always must hold.

An expectation is an integer expression as programs have it, with keys in place of names:
`alice + bob == 10`. A key that is no name in Python's grammar, or one of its words, is written
`store("a key")`. The expectation holds where the expression has a value other than 0; it is broken
where that is 0 and where it has none, as in a division by zero.

- At rest, it is about the store that is left.
- Always, it is about what is written so far: of every key the value with the newest timestamp. Writes
  of one transaction become visible one by one, so that a sum over several keys need not hold always.
"""

import ast
from collections.abc import Callable, Mapping
from functools import partial

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.render import one_line
from models.scenario.errors import ScenarioError
from models.scenario.expressions import INTEGER, Code, Expressions, called
from models.scenario.source import GRAMMAR, Source, nesting_limit, parse, read_source
from properties.outcome import store_of
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.arithmetic import decimal
from spec.anoma.instructions import Emitted, Frame, Load
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.program import DEFAULT_GAS, perform
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.formalism.family import FamilyName
from spec.formalism.rule import Clause, RuleId, Text
from spec.formalism.rule import Source as Citation
from spec.formalism.state import GlobalState

EXPRESSION = (
    'an expression over keys: a key, store("a key"), an integer, + - * // %, '
    "a comparison (== != < <= > >=), and, or, not, or a conditional expression"
)
"""What an expectation is."""

STORE = 'store("a key")'
"""How a key is named that cannot stand by itself."""


class Expect(Clause):
    """What the author of a scenario expects of its store holds, at rest or always."""

    id = RuleId("scenario.expect")
    version = 1
    sources = (Citation(Text.TREADLE, "scenario file: the author's own properties over the store"),)
    decides = (
        "It is the author's statement about one scenario, not the specification's about all: nothing "
        "else follows from it."
    )


@frozen
class Expectation:
    """An expectation, ready to be judged."""

    kind: Kind
    """Whether it is judged at rest or always."""
    text: str
    """The expression, as its author wrote it, in one line."""
    code: Code
    """What leaves its value as a number; keys are the names in it."""
    keys: tuple[KVSKey, ...]
    """The keys that it is about, sorted."""


@frozen
class KeyExpressions(Expressions):
    """The compiler of expectations: the names are keys."""

    keys: frozenset[KVSKey]
    """The keys that there are."""

    def name(self, node: ast.Name) -> str:
        """A key that stands by itself."""
        return self._known(node, node.id)

    def refusal(self, node: ast.expr, expected: str) -> ScenarioError:
        """The error for an expression that the language has not, or not here."""
        if isinstance(node, ast.Call):
            function = called(node)
            what = f"a call of {function}" if function else "a call of something else than store"
            return self.source.error(node, what, expected)
        return super().refusal(node, expected)

    def _read(self, node: ast.Call) -> Code:
        """A key in quotation marks."""
        if called(node) != "store":
            raise self.refusal(node, INTEGER)
        match node:
            case ast.Call(args=[ast.Constant(value=str() as key)], keywords=[]):
                return (Load(self._known(node, key)),)
            case _:
                raise self.source.error(node, "store with something else than one key", STORE)

    def _known(self, node: ast.expr, key: str) -> str:
        """A key that the scenario names."""
        if key not in self.keys:
            what = f"{key} is no key of this scenario"
            raise self.source.error(node, what, "a key of [genesis] or of a transaction's label")
        return key


def compile_expectation(
    text: str, kind: Kind, keys: frozenset[KVSKey], file: str, first_line: int = 1
) -> Expectation:
    """The expectation that a text says over these keys; a ScenarioError where it is none."""
    source = read_source(text, file, first_line)
    try:
        code = KeyExpressions(source, keys).integer(only_expression(source))
    except ScenarioError as error:
        about_programs = error.expected in (INTEGER, GRAMMAR)
        raise (evolve(error, expected=EXPRESSION) if about_programs else error) from None
    except (RecursionError, MemoryError):  # from Python's parser, or with little stack left
        raise source.error_at(1, 1, "it nests too deep", nesting_limit()) from None
    used = {KVSKey(each.name) for each in code if isinstance(each, Load)}
    return Expectation(kind, one_line(" ".join(text.split())), code, tuple(sorted(used)))


def only_expression(source: Source) -> ast.expr:
    """The one expression that the text consists of."""
    body = parse(source).body
    if not body:
        raise source.error_at(1, 1, "there is no expression", EXPRESSION)
    for statement in body[1:]:
        raise source.error(statement, "a second statement", EXPRESSION)
    if not isinstance(body[0], ast.Expr):
        raise source.error(body[0], "a statement", EXPRESSION)
    return body[0].value


@frozen
class Store:
    """Where the values are that expectations are about."""

    families: frozenset[FamilyName]
    """The families of the engines that keep them."""
    values: Callable[[GlobalState], PMap[KVSKey, KVSDatum]]
    """The values that there are in a state."""


SHARDS = Store(frozenset({SHARD.name, COLLECTING_SHARD.name}), store_of)
"""The store that Anoma's shards keep."""


def property_of(
    expectation: Expectation, start: Mapping[str, int], store: Store = SHARDS
) -> StateProperty:
    """The expectation as a property of worlds whose keys have these values at the start."""
    judge = partial(judged, expectation, pmap(start), store)
    return StateProperty(expectation.text, Expect.id, expectation.kind, judge, store.families)


def judged(
    expectation: Expectation, start: PMap[str, int], store: Store, state: GlobalState
) -> Evidence | None:
    """What breaks the expectation in a state, if anything does."""
    written = store.values(state)
    values = {key: int(written.get(key, start[key])) for key in expectation.keys}
    value = evaluated(expectation.code, values)
    if isinstance(value, int) and value != 0:
        return None
    why = "is not so" if isinstance(value, int) else f"has no value ({value})"
    shown = tuple(f"{key} = {decimal(values[key])}" for key in expectation.keys)
    return Evidence(f"{expectation.text} {why}" + (f": {', '.join(shown)}" if shown else ""))


def evaluated(code: Code, values: Mapping[KVSKey, int]) -> int | Failure:
    """The value of an expectation's code where keys have these values, or why it has none."""
    frame = Frame(DEFAULT_GAS, names=pmap({str(key): value for key, value in values.items()}))
    while frame.position < len(code):
        outcome = perform(code[frame.position], frame)
        if isinstance(outcome, Failure):
            return outcome
        if isinstance(outcome, Emitted):  # no code of an expectation reads or writes
            return Failure(FailureKind.STUCK)
        frame = outcome
    return frame.numbers[-1]
