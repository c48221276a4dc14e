"""Nock as the published page on Nockma has it: a plain evaluator that pays as it goes.

Facts from that page: the costs of opcodes, what each of them looks at, and in which order it pays. A
crash is a text; so is running out of gas. The page's own evaluator recurses, and so does this one.
"""

from attrs import frozen

from spec.anoma.noun import Noun

COSTS = {0: 1, 3: 1, 4: 1, 5: 2, 6: 3, 7: 2, 8: 2, 9: 3, 10: 1, 12: 10}
"""What opcodes cost; the others cost nothing."""

OPCODES = range(13)
"""The opcodes there are."""

NO_GAS = "out of gas"
"""The crash of whoever cannot pay."""


class Crashed(Exception):  # noqa: N818 - it is caught where the evaluation began
    """A formula without a product."""


@frozen
class Produced:
    """A formula's product."""

    noun: Noun
    """The product."""
    gas: int
    """What is left of the gas."""


def evaluate(subject: Noun, formula: Noun, gas: int) -> Produced | str:
    """The product of a formula on a subject, or why it has none."""
    purse = _Purse(gas)
    try:
        product = _nock(subject, formula, purse)
    except Crashed as crash:
        return str(crash)
    return Produced(product, purse.gas)


class _Purse:
    """The gas that is left."""

    def __init__(self, gas: int) -> None:
        self.gas = gas

    def pay(self, opcode: int) -> None:
        cost = COSTS.get(opcode, 0)
        if cost > self.gas:
            raise Crashed(NO_GAS)
        self.gas -= cost


def _nock(subject: Noun, formula: Noun, purse: _Purse) -> Noun:
    if isinstance(formula, int):
        raise Crashed("a formula is an atom")
    head, rest = formula
    if not isinstance(head, int):
        left = _nock(subject, head, purse)
        return left, _nock(subject, rest, purse)
    if head not in OPCODES:
        raise Crashed("unknown opcode")
    purse.pay(head)
    return _perform(head, subject, rest, purse)


def _perform(  # noqa: C901, PLR0912 - one case per opcode
    opcode: int, subject: Noun, rest: Noun, purse: _Purse
) -> Noun:
    match opcode, rest:
        case 0, _:
            return _slash(rest, subject, purse)
        case 1, _:
            return rest
        case 2, (left, right):
            return _nock(_nock(subject, left, purse), _nock(subject, right, purse), purse)
        case 3, (tested, _):
            return 1 if isinstance(_nock(subject, tested, purse), int) else 0
        case 4, _:
            return _increment(_nock(subject, rest, purse))
        case 5, (left, right):
            first = _nock(subject, left, purse)
            return 0 if first == _nock(subject, right, purse) else 1
        case 6, (test, (yes, no)):
            twice = _nock(subject, (4, (4, test)), purse)
            axis = _nock((2, 3), (0, twice), purse)
            return _nock(subject, _nock((yes, no), (0, axis), purse), purse)
        case 7, (left, right):
            return _nock(_nock(subject, left, purse), right, purse)
        case 8, (left, right):
            return _nock((_nock(subject, left, purse), subject), right, purse)
        case 9, (axis, core):
            found = _nock(subject, core, purse)
            return _nock(found, (2, ((0, 1), (0, axis))), purse)
        case 10, ((axis, new), target):
            put = _nock(subject, new, purse)
            return _pound(axis, put, _nock(subject, target, purse), purse)
        case 11, ((_, hint), body):
            both = (_nock(subject, hint, purse), _nock(subject, body, purse))
            return _nock(both, (0, 3), purse)
        case 11, (_, body):
            return _nock(subject, body, purse)
        case 12, (kind, _):
            return _scry(kind, purse)
        case _:
            raise Crashed("malformed arguments of an opcode")


def _scry(kind: Noun, purse: _Purse) -> Noun:
    """What is asked for is looked up without the subject; storage is empty."""
    if isinstance(kind, int):
        raise Crashed("cannot evaluate an atom")
    subject, formula = kind
    _nock(subject, formula, purse)
    raise Crashed("nothing to scry")


def _increment(noun: Noun) -> Noun:
    if isinstance(noun, int):
        return noun + 1
    raise Crashed("increment of a cell")


def _slash(axis: Noun, noun: Noun, purse: _Purse) -> Noun:
    """What is at an axis: halves of the way are paid one by one, also those of the axis 0."""
    if not isinstance(axis, int):
        raise Crashed("an axis is a cell")
    steps: list[int] = []
    while axis not in {1, 2, 3}:
        purse.pay(0)
        steps.append(2 + axis % 2)
        axis //= 2
    for step in (axis, *reversed(steps)):
        if step == 1:
            continue
        if step not in {2, 3} or isinstance(noun, int):
            raise Crashed("no noun at the axis")
        noun = noun[step - 2]
    for _ in steps:
        purse.pay(0)
    return noun


def _pound(axis: Noun, new: Noun, target: Noun, purse: _Purse) -> Noun:
    """The target with something else at an axis: each step looks up the other half from the root."""
    if not isinstance(axis, int):
        raise Crashed("an axis is a cell")
    while axis != 1:
        if isinstance(target, int):
            raise Crashed("an edit of an atom")
        purse.pay(0)
        even = axis % 2 == 0
        other = _slash(axis + 1 if even else axis - 1, target, purse)
        purse.pay(10)
        new, axis = (new, other) if even else (other, new), axis // 2
    return new
