"""Properties: named statements about engines, steps, states and runs, each with a judge."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from attrs import frozen

from spec.formalism.engine import Engine
from spec.formalism.event import Record
from spec.formalism.family import FamilyName
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState
from spec.formalism.system import System

L = TypeVar("L")


class Kind(Enum):
    """When a property is judged, and what its judge's evidence shows."""

    ALWAYS = "always"
    """At every step and in every state; evidence shows that it is broken."""
    AT_REST = "at rest"
    """In every state without transitions, never under message loss; evidence shows that it is broken."""
    SOMETIMES = "sometimes"
    """At every step and in every state; evidence shows that it has happened, so that nothing holds vacuously."""


@frozen
class Evidence:
    """What a judge has found."""

    finding: str
    """One line: what breaks the property, or, of a `sometimes`, what has happened."""
    details: tuple[str, ...] = ()
    """More lines, if they help: a cycle edge by edge, what was expected and what was there."""


@frozen
class Reacted:
    """What one engine did in one step: all that a judge of reactions may look at."""

    before: Engine
    """The engine before the step."""
    record: Record
    """What happened."""
    after: Engine
    """The engine after the step."""

    def states(self, kind: type[L]) -> tuple[L, L] | None:
        """The local states before and after; nothing where one of them is of another kind."""
        before, after = self.before.environment.local, self.after.environment.local
        if isinstance(before, kind) and isinstance(after, kind):
            return before, after
        return None


@frozen
class Step:
    """One step of the whole system."""

    system: System
    """What is fixed in the run."""
    before: GlobalState
    """The state before the step."""
    record: Record
    """What happened."""
    after: GlobalState
    """The state after the step."""


@frozen
class EngineProperty:
    """A statement about one engine at a time, whatever the others do."""

    name: str
    """The statement, a sentence in lower case without a full stop."""
    rule: RuleId
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    families: frozenset[FamilyName]
    """The families of the engines that it is about."""
    judge: Callable[[Engine], Evidence | None]
    """What is found in an engine, if anything is."""


@frozen
class ReactionProperty:
    """A statement about what one engine does in one step."""

    name: str
    """The statement, a sentence in lower case without a full stop."""
    rule: RuleId
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    judge: Callable[[Reacted], Evidence | None]
    """What is found in a reaction, if anything is; faults are no reactions."""


@frozen
class StepProperty:
    """A statement about one step of the whole system."""

    name: str
    """The statement, a sentence in lower case without a full stop."""
    rule: RuleId
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    judge: Callable[[Step], Evidence | None]
    """What is found in a step, if anything is."""
    alone: bool = False
    """Whether the judge finds the same when there is nothing but the engine and what it takes."""


@frozen
class StateProperty:
    """A statement about one global state."""

    name: str
    """The statement, a sentence in lower case without a full stop."""
    rule: RuleId
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    judge: Callable[[GlobalState], Evidence | None]
    """What is found in a state, if anything is."""
    families: frozenset[FamilyName] | None = None
    """The families whose engines, with their mailboxes, the judge looks at; all if nothing."""


@frozen
class MonitorProperty:
    """A statement about a run so far: a frozen value, fed by each step's record and carried beside the state.

    A monitor should remember no more than its judge needs: what it remembers beyond the state multiplies
    the states that a search has to visit.
    """

    name: str
    """The statement, a sentence in lower case without a full stop."""
    rule: RuleId
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    start: Any
    """What is remembered before the first step: a frozen value."""
    observe: Callable[[Any, Record], Any]
    """What is remembered after one more step; the same value where the step does not matter."""
    judge: Callable[[Any], Evidence | None]
    """What is found in what is remembered, if anything is."""
    concerns: tuple[type[Any], ...] = ()
    """The bodies of the messages, sent or consumed, without which a step does not matter; any if none is named."""


Property = EngineProperty | ReactionProperty | StepProperty | StateProperty | MonitorProperty
"""Any property."""
