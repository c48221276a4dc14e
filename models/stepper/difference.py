"""What is different between two states, engine by engine and message by message."""

from collections import Counter
from collections.abc import Iterator

from models.render import render
from models.traces.diff import changes, environment_changes
from spec.formalism.delivery import AnyDiscipline
from spec.formalism.state import GlobalState, messages


def difference(discipline: AnyDiscipline, before: GlobalState, after: GlobalState) -> Iterator[str]:
    """What is different, line by line: engines, messages in flight, faults that are left."""
    for name in sorted({*before.engines, *after.engines}):
        old, new = before.engines.get(name), after.engines.get(name)
        if old is not None and new is not None:
            found = environment_changes(old.environment, new.environment)
            yield from (f"{name}: {change}" for change in found)
        elif new is not None:
            yield f"+ {name} ({new.family})"
        elif old is not None:
            yield f"- {name} ({old.family})"
    ways = [Counter(messages(discipline, each)) for each in (before, after)]
    for sign, less, more in (("-", ways[1], ways[0]), ("+", ways[0], ways[1])):
        yield from sorted(f"{sign} in flight: {render(each)}" for each in (more - less).elements())
    yield from (f"faults left: {change}" for change in changes(before.faults, after.faults))
