"""What waits, and why: messages that may not be taken, and what engines wait for."""

from collections.abc import Iterator
from types import CodeType, FunctionType

from attrs import frozen

from models.render import render
from models.stepper.ahead import MOST, Ahead, Way, ways_to
from models.stepper.awaited import awaited
from models.stepper.point import Point
from spec.formalism.delivery import Mail
from spec.formalism.engine import Engine, react
from spec.formalism.event import Deliver
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId
from spec.formalism.message import MessageArrived, Trigger
from spec.formalism.rule import AnyRule, FollowUp, statement
from spec.formalism.state import messages


@frozen
class Blocked:
    """A message that may not be taken."""

    message: Mail
    """The message."""
    why: str
    """Why not."""
    asked: tuple[AnyRule, ...]
    """The rules that are about such messages, all of whose guards say no; none where that is not why."""
    way: Way | None
    """What would have to happen first, as short as can be; nothing where no way was found."""
    never: bool
    """Whether there is no way at all."""


@frozen
class Waiting:
    """An engine that waits for something."""

    engine: EngineId
    """The engine."""
    awaited: tuple[str, ...]
    """What it waits for, line by line."""


def blocked(point: Point, most: int = MOST) -> tuple[Blocked, ...]:
    """The messages that may not be taken at a point, each with the reason.

    Args:
        point: the point.
        most: how many states are looked at to find how they come to be possible.
    """
    why = dict(_blocked(point))
    found = ways_to(point, map(Deliver, why), most) if why else Ahead({}, complete=True)
    return tuple(_told(message, reason, found) for message, reason in why.items())


def waiting(point: Point) -> tuple[Waiting, ...]:
    """The engines that wait for something at a point, as far as it can be told."""
    engines = point.state.engines
    found = (Waiting(name, tuple(awaited(engines[name]))) for name in sorted(engines))
    return tuple(each for each in found if each.awaited)


def asked(family: EngineFamily, body: object) -> tuple[AnyRule, ...]:
    """The rules of a family that are about messages of such a body: their guards name its type.

    All rules that take messages where none does.
    """
    taking = tuple(rule for rule in family.rules if not issubclass(rule, FollowUp))
    about = tuple(rule for rule in taking if {type(body).__name__, "object"} & _named(rule))
    return about or taking


def guard_text(rule: AnyRule) -> str:
    """What a guard asks for, in the words of its docstring; those of the rule where it has none."""
    return " ".join((rule.guard.__doc__ or statement(rule)).split())


Reason = tuple[str, tuple[AnyRule, ...]]
"""Why a message may not be taken, with the rules that were asked."""


def _blocked(point: Point) -> Iterator[tuple[Mail, Reason]]:
    system, state = point.stage.world.system, point.state
    enabled = {each.message for each in system.enabled(state) if isinstance(each, Deliver)}
    for message in messages(system.discipline, state):
        if message not in enabled:
            engine = state.engines.get(message.target)
            if engine is None:
                yield message, (f"there is no engine {message.target}", ())
            else:
                yield message, _refused(system.family_of(engine), engine, message)


def _refused(family: EngineFamily, engine: Engine, message: Mail) -> Reason:
    trigger = Trigger(MessageArrived(message), engine.environment.time)
    if react(family, engine, trigger) is not None:
        return f"an older message from {message.sender} comes first", ()
    rules = asked(family, message.body)
    return f"the guards say no: {', '.join(rule.id for rule in rules)}", rules


def _told(message: Mail, reason: Reason, found: Ahead) -> Blocked:
    why, rules = reason
    way = found.ways.get(Deliver(message))
    return Blocked(message, why, rules, way, way is None and found.complete)


def _named(rule: AnyRule) -> set[str]:
    """The names that the guard of a rule uses: also those of the rules it is made of, and of functions it calls."""
    guards = (vars(each).get("guard") for each in rule.__mro__)
    left: list[object] = [each.__func__ for each in guards if isinstance(each, staticmethod)]
    met: set[FunctionType] = set()
    found: set[str] = set()
    while left:
        function = left.pop()
        if isinstance(function, FunctionType) and function not in met:
            met.add(function)
            names = set(_names(function.__code__))
            found |= names
            used = (function.__globals__.get(name) for name in names)
            left += [getattr(each, "guard", each) for each in used]
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def line_of(message: Mail) -> str:
    """A message in a line."""
    return f"{message.target} does not take {render(message.body)} from {message.sender}"
