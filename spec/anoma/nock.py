"""Nock 4K with opcode 12 and a gas meter, as a pure and total function.

Sources: the public page on Nockma (its table of opcodes and costs) and the Nock 4K definition.
In Nock 4K a crash and a computation without end are the same; here a crash is a value, and gas
ends what would not end. Departures from the page, each because the page is wrong or leaves a gap:

- Opcodes 1, 2 and 11 cost 1. The page charges 0. A loop is not free there, since it looks up what
  it repeats, and opcode 0 costs 1; but a formula of shared copies of [1 0] takes exponentially
  longer to evaluate than the gas that built it: 67 units buy 65 536 evaluations. Building a cell
  costs nothing: both of its halves are paid for.
- Opcodes 6 and 9 cost what the table says and no more. The page evaluates them by rewriting and
  charges for the rewritten parts as well, which says nothing about the program.
- An axis costs 2 for each step after the first, as the page charges for `/`; an edit costs 2 for
  each step. The page rewrites `#` from the root once per step, and so charges the square.
- Opcode 4 costs 1 more for each full word (64 bits) of the atom, opcode 5 for each pair of cells
  it looks at and each full word it compares. The page charges 1 and 2 whatever the size, and then
  little gas buys time without bound. On atoms below a word the page's figures stand.
- Opcode 3 evaluates its whole argument. The page demands a pair there and ignores its tail.
- Opcode 11 is a hint: [11 [b c] d] evaluates c, drops the result and goes on with d. The page does
  so too, although its table calls it a case split.
- Opcode 12, [12 b c d], evaluates b and c against the subject; the page evaluates them as if each
  held a subject of its own. What the scry finds is pushed on the subject, as opcode 8 does, and d
  goes on from there; the page makes it the head of the formula, where a datum would be an opcode.
- A formula of a shape that no rule names crashes, uncharged; the page charges first.
"""

from collections.abc import Callable
from enum import Enum
from functools import partial

from attrs import frozen

from spec.anoma.noun import Noun, compare, edit, slash, words

COST = (1, 1, 1, 1, 1, 2, 3, 2, 2, 3, 1, 1, 10)
"""The gas that each opcode costs before anything that depends on sizes."""

STEP_COST = 2
"""The gas for one step along an axis, where it is charged."""

Scry = Callable[[int, int], Noun | None]
"""What opcode 12 asks, with a kind and an address; nothing is a crash."""


class Crash(Enum):
    """Why a formula has no result."""

    ATOM = "a formula is an atom"
    OPCODE = "unknown opcode"
    SHAPE = "malformed arguments of an opcode"
    AXIS = "no noun at the axis"
    INCREMENT = "increment of a cell"
    TEST = "a test gave neither 0 nor 1"
    SCRY = "nothing to scry"


@frozen
class Produced:
    """A formula's result."""

    noun: Noun
    """The product."""
    gas_left: int
    """The gas that was not used."""


@frozen
class OutOfGas:
    """The gas did not suffice; more could have."""


Outcome = Produced | Crash | OutOfGas
"""How the evaluation of a formula ends."""


@frozen
class _Evaluate:
    """To do: a formula against a subject; its product goes on the stack of values."""

    subject: Noun
    formula: Noun


@frozen
class _Use1:
    """To do: what follows from the last value."""

    use: "Callable[[Noun], _Step | Crash]"


@frozen
class _Use2:
    """To do: what follows from the last two values, the older one first."""

    use: "Callable[[Noun, Noun], _Step | Crash]"


_Task = _Evaluate | _Use1 | _Use2


@frozen
class _Step:
    """What one task comes to."""

    cost: int
    """The gas it uses."""
    tasks: tuple[_Task, ...] = ()
    """What is to be done instead, first things first."""
    values: tuple[Noun, ...] = ()
    """What it adds to the stack of values."""


def no_scry(_kind: int, _address: int) -> Noun | None:
    """Find nothing, ever: every scry crashes."""
    return None


def nock(subject: Noun, formula: Noun, gas: int, scry: Scry) -> Outcome:
    """The product of a formula on a subject: Nock's *[subject formula], within the gas.

    Tasks and values wait on stacks of their own, so neither deep nouns nor deep formulas reach
    Python's recursion limit, and a loop in tail position needs no room.
    """
    tasks: list[_Task] = [_Evaluate(subject, formula)]
    values: list[Noun] = []
    left = gas
    while tasks:
        step = _perform(tasks.pop(), values, left, scry)
        if isinstance(step, Crash):
            return step
        left -= step.cost
        if left < 0:
            return OutOfGas()
        values += step.values
        tasks += reversed(step.tasks)
    return Produced(values.pop(), left)


def _perform(task: _Task, values: list[Noun], gas: int, scry: Scry) -> _Step | Crash:
    """What one task comes to, with the values it uses taken off the stack."""
    if isinstance(task, _Evaluate):
        return _reduce(task.subject, task.formula, gas, scry)
    if isinstance(task, _Use1):
        return task.use(values.pop())
    second = values.pop()
    return task.use(values.pop(), second)


def _reduce(  # noqa: C901, PLR0912 - one case per rule
    a: Noun, formula: Noun, gas: int, scry: Scry
) -> _Step | Crash:
    """One rule of the definition, in its order and with its letters: *[a formula]."""
    match formula:
        case int():
            return Crash.ATOM
        case ((_, _) as b, c):
            return _Step(0, (_Evaluate(a, b), _Evaluate(a, c), _Use2(_cons)))
        case (0, int(b)):
            return _at_axis(b, a, COST[0])
        case (1, b):
            return _Step(COST[1], values=(b,))
        case (2, (b, c)):
            return _Step(COST[2], (_Evaluate(a, b), _Evaluate(a, c), _Use2(_apply)))
        case (3, b):
            return _Step(COST[3], (_Evaluate(a, b), _Use1(_cell_test)))
        case (4, b):
            return _Step(COST[4], (_Evaluate(a, b), _Use1(_increment)))
        case (5, (b, c)):
            return _Step(COST[5], (_Evaluate(a, b), _Evaluate(a, c), _Use2(partial(_equal, gas))))
        case (6, (b, (c, d))):
            return _Step(COST[6], (_Evaluate(a, b), _Use1(partial(_branch, a, c, d))))
        case (7, (b, c)):
            return _Step(COST[7], (_Evaluate(a, b), _Use1(partial(_compose, c))))
        case (8, (b, c)):
            return _Step(COST[8], (_Evaluate(a, b), _Use1(partial(_extend, a, c))))
        case (9, (int(b), c)):
            return _Step(COST[9], (_Evaluate(a, c), _Use1(partial(_invoke, b))))
        case (10, ((int(b), c), d)):
            return _Step(COST[10], (_Evaluate(a, c), _Evaluate(a, d), _Use2(partial(_edit, b))))
        case (11, ((_, c), d)):
            return _Step(COST[11], (_Evaluate(a, c), _Use1(partial(_hint, a, d))))
        case (11, (_, c)):
            return _Step(COST[11], (_Evaluate(a, c),))
        case (12, (b, (c, d))):
            found = partial(_scry, scry, a, d)
            return _Step(COST[12], (_Evaluate(a, b), _Evaluate(a, c), _Use2(found)))
        case _:
            return Crash.SHAPE if formula[0] in range(len(COST)) else Crash.OPCODE


def _at_axis(axis: int, noun: Noun, cost: int) -> _Step | Crash:
    """The noun at an axis, for the cost and what the way there costs."""
    found = slash(axis, noun)
    return Crash.AXIS if found is None else _Step(cost + way_cost(axis), values=(found,))


def way_cost(axis: int) -> int:
    """The gas for going to an axis: each step after the first."""
    return STEP_COST * max(0, axis.bit_length() - 2)


def edit_cost(axis: int) -> int:
    """The gas for an edit at an axis from 1 on: each step."""
    return STEP_COST * (axis.bit_length() - 1)


def _cons(head: Noun, tail: Noun) -> _Step | Crash:
    """*[a [b c] d] -> [*[a b c] *[a d]]."""
    return _Step(0, values=((head, tail),))


def _apply(subject: Noun, formula: Noun) -> _Step | Crash:
    """*[a 2 b c] -> *[*[a b] *[a c]]."""
    return _Step(0, (_Evaluate(subject, formula),))


def _cell_test(noun: Noun) -> _Step | Crash:
    """*[a 3 b] -> ?*[a b]: 0 for a cell, 1 for an atom."""
    return _Step(0, values=(1 if isinstance(noun, int) else 0,))


def _increment(noun: Noun) -> _Step | Crash:
    """*[a 4 b] -> +*[a b]."""
    if isinstance(noun, int):
        return _Step(words(noun), values=(noun + 1,))
    return Crash.INCREMENT


def _equal(limit: int, left: Noun, right: Noun) -> _Step | Crash:
    """*[a 5 b c] -> =[*[a b] *[a c]]: 0 when equal, else 1."""
    same, work = compare(left, right, limit)
    return _Step(work, values=(0 if same else 1,))


def _branch(subject: Noun, yes: Noun, no: Noun, test: Noun) -> _Step | Crash:
    """*[a 6 b c d] -> *[a c] when *[a b] is 0, *[a d] when it is 1."""
    if test == 0:
        return _Step(0, (_Evaluate(subject, yes),))
    if test == 1:
        return _Step(0, (_Evaluate(subject, no),))
    return Crash.TEST


def _compose(formula: Noun, subject: Noun) -> _Step | Crash:
    """*[a 7 b c] -> *[*[a b] c]."""
    return _Step(0, (_Evaluate(subject, formula),))


def _extend(subject: Noun, formula: Noun, new: Noun) -> _Step | Crash:
    """*[a 8 b c] -> *[[*[a b] a] c]."""
    return _Step(0, (_Evaluate((new, subject), formula),))


def _invoke(axis: int, core: Noun) -> _Step | Crash:
    """*[a 9 b c] -> *[*[a c] 2 [0 1] 0 b]."""
    arm = slash(axis, core)
    return Crash.AXIS if arm is None else _Step(way_cost(axis), (_Evaluate(core, arm),))


def _edit(axis: int, new: Noun, target: Noun) -> _Step | Crash:
    """*[a 10 [b c] d] -> #[b *[a c] *[a d]]."""
    edited = edit(axis, new, target)
    return Crash.AXIS if edited is None else _Step(edit_cost(axis), values=(edited,))


def _hint(subject: Noun, formula: Noun, _hinted: Noun) -> _Step | Crash:
    """*[a 11 [b c] d] -> *[a d], once *[a c] has a product."""
    return _Step(0, (_Evaluate(subject, formula),))


def _scry(scry: Scry, subject: Noun, formula: Noun, kind: Noun, address: Noun) -> _Step | Crash:
    """*[a 12 b c d] -> *[[found a] d], where found is what *[a b] and *[a c] ask for."""
    if isinstance(kind, int) and isinstance(address, int):
        found = scry(kind, address)
        return Crash.SCRY if found is None else _Step(0, (_Evaluate((found, subject), formula),))
    return Crash.SCRY
