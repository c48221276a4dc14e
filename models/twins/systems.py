"""Systems whose engines or messages work by other laws than those of the formalism."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from models.twins.twin import Change
from spec.formalism.delivery import AnyDiscipline, Mail
from spec.formalism.engine import Engine, Reaction, react
from spec.formalism.event import Deliver
from spec.formalism.family import ConflictSolver
from spec.formalism.message import MessageArrived, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import GlobalState
from spec.formalism.system import Offer, System


def of_kind(kind: type[System]) -> Change:
    """The change that lets the same families work by the laws of another kind of system."""
    return lambda system: kind(system.families, system.discipline, system.faults)


def solving(family: str, solve: ConflictSolver) -> Change:
    """The change that gives a family another conflict solver."""

    def change(system: System) -> System:
        other = evolve(system.families[family], solve=solve)
        return evolve(system, families=system.families.set(family, other))

    return change


def delivering(discipline: AnyDiscipline) -> Change:
    """The change that lets mailboxes deliver by another discipline."""
    return lambda system: evolve(system, discipline=discipline)


@frozen
class Dropping(System):
    """A message that no guard accepts is dropped."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line[:1]:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            outcome = react(self.family_of(engine), engine, trigger)
            yield Offer(Deliver(message), outcome or Reaction(engine.environment, ()))


@frozen
class FirstGuard(System):
    """Of the rules that apply, only the first takes effect."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            family = self.family_of(engine)
            first = evolve(family, rules=tuple(_first_of(family.rules, engine, trigger)))
            outcome = react(first, engine, trigger)
            if outcome is not None:
                yield Offer(Deliver(message), outcome)
                return


@frozen
class Timeless(System):
    """Timers never elapse."""

    def _elapses(self, state: GlobalState) -> Iterator[Offer]:  # noqa: ARG002 - of no use here
        yield from ()


def _first_of(rules: tuple[AnyRule, ...], engine: Engine, trigger: Trigger) -> Iterator[AnyRule]:
    """The first rule whose guard says that it applies."""
    for rule in rules:
        output: Any = rule.guard(trigger, engine.configuration, engine.environment)
        if output is not None:
            yield rule
            return
