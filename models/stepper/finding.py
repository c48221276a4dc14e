"""What somebody may be looking for in a run: the next event of an engine, of a rule, of a property."""

from collections.abc import Callable

from models.stepper.point import Point
from models.traces.trace import actor

Test = Callable[[Point], bool]
"""Says whether a point is the one that is looked for."""


def by_engine(name: str) -> Test:
    """Whether the step to a point is of the engine of this name."""
    return lambda point: point.event is not None and str(actor(point.event)) == name


def by_rule(rule: str) -> Test:
    """Whether the rule of this id took effect in the step to a point."""
    return lambda point: point.record is not None and rule in point.record.fired


def by_property(name: str) -> Test:
    """Whether a property of this name, or any if it is empty, is first broken or seen at a point."""
    return lambda point: any(name in ("", sight.property.name) for sight in point.new)
