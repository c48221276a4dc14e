"""A tiny exhaustive search for tests: small systems, every property judged at every step."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.formalism.event import Deliver, Elapse
from spec.formalism.state import GlobalState
from spec.formalism.system import System

Findings = dict[str, Evidence]
"""The first evidence of each property that has any, by name."""

Node = tuple[GlobalState, tuple[Any, ...]]
"""A state, and what the monitors remember."""


def in_step(each: Property, step: Step) -> Evidence | None:
    """What a property finds in one step."""
    event = step.record.event
    if isinstance(each, StepProperty):
        return each.judge(step)
    if isinstance(each, ReactionProperty) and isinstance(event, Deliver | Elapse):
        name = event.engine if isinstance(event, Elapse) else event.message.target
        return each.judge(Reacted(step.before.engines[name], step.record, step.after.engines[name]))
    return None


def in_state(each: Property, state: GlobalState) -> Iterator[Evidence]:
    """What a property finds in one state."""
    found: tuple[Evidence | None, ...] = ()
    if isinstance(each, StateProperty):
        found = (each.judge(state),)
    if isinstance(each, EngineProperty):
        engines = (state.engines[name] for name in sorted(state.engines))
        found = tuple(each.judge(engine) for engine in engines if engine.family in each.families)
    return (evidence for evidence in found if evidence is not None)


class Search:
    """A complete search of one system."""

    def __init__(self, system: System, properties: tuple[Property, ...]) -> None:
        self.system = system
        self.findings: Findings = {}
        self.properties = properties
        self.monitors = tuple(each for each in properties if isinstance(each, MonitorProperty))

    def run(self, start: GlobalState) -> tuple[int, int]:
        """Visit everything; the numbers of states, and of states with what monitors remember."""
        to_do: list[Node] = [(start, tuple(each.start for each in self.monitors))]
        seen = set(to_do)
        for node in to_do:
            for following in self._after(node):
                if following not in seen:
                    seen.add(following)
                    to_do.append(following)
        return len({state for state, _ in seen}), len(seen)

    def _after(self, node: Node) -> list[Node]:
        state, remembered = node
        following: list[Node] = []
        for after in self.system.successors(state):
            step = Step(self.system, state, after.record, after.state)
            known = tuple(
                each.observe(old, after.record)
                for each, old in zip(self.monitors, remembered, strict=True)
            )
            for each in self.properties:
                self._find(each, in_step(each, step))
            for monitor, memory in zip(self.monitors, known, strict=True):
                self._find(monitor, monitor.judge(memory))
            following.append((after.state, known))
        rests = all(after == state for after, _ in following)
        for each in self.properties:
            if rests or each.kind is not Kind.AT_REST:
                self._find(each, *in_state(each, state))
        return following

    def _find(self, each: Property, *evidence: Evidence | None) -> None:
        for one in evidence:
            if one is not None:
                self.findings.setdefault(each.name, one)


@pytest.fixture(scope="session")
def search() -> Callable[[System, tuple[Property, ...]], Search]:
    """What searches a system completely."""
    return Search


@pytest.fixture(scope="session")
def explore() -> Callable[[System, GlobalState, tuple[Property, ...]], Findings]:
    """What a complete search finds of each property."""

    def explored(system: System, start: GlobalState, properties: tuple[Property, ...]) -> Findings:
        found = Search(system, properties)
        found.run(start)
        return found.findings

    return explored
