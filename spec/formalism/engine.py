"""An engine, and how it reacts to one trigger: all meaning is in `react`."""

from collections.abc import Iterable
from typing import Any

from attrs import evolve, frozen

from spec.formalism.clauses import Absorb
from spec.formalism.environment import (
    Effect,
    Environment,
    Finished,
    SetTimer,
    Spawn,
    TimerChange,
)
from spec.formalism.family import EngineFamily
from spec.formalism.identity import (
    AcquaintanceName,
    EngineId,
    EngineName,
    Identity,
    identity_of,
)
from spec.formalism.message import (
    Message,
    Time,
    TimersElapsed,
    Trigger,
)
from spec.formalism.rule import AnyRule, FollowUp, RuleId


@frozen(cache_hash=True)
class Engine:
    """An engine instance."""

    identity: Identity
    """Who it is; it never changes."""
    family: str
    """The name of the family whose rules it follows."""
    configuration: Any
    """What it was told at birth; it never changes."""
    environment: Environment[Any]
    """What it knows and remembers."""


@frozen
class Firing:
    """A rule whose guard said that it applies."""

    label: RuleId
    """The rule's id."""
    output: Any
    """What its guard handed to its action."""


@frozen
class Reaction:
    """What one engine does on one trigger."""

    environment: Environment[Any]
    """The engine's environment afterwards."""
    fired: tuple[RuleId, ...]
    """The rules that took effect, in order: those that took the trigger, and those that followed
    it up and found something to do."""
    sent: tuple[Message[Any], ...] = ()
    """The messages it sends, in order."""
    spawned: tuple[Engine, ...] = ()
    """The engines it creates, in order."""
    timers: tuple[TimerChange, ...] = ()
    """What became of its timers, in order."""


@frozen
class Refusal:
    """A step that the specification itself forbids: it must not occur, and is never hidden."""

    rules: tuple[RuleId, ...]
    """The rules that applied."""
    reason: str
    """Why their actions could not take effect."""


def react(family: EngineFamily, engine: Engine, trigger: Trigger) -> Reaction | Refusal | None:
    """What the engine does on the trigger; nothing where no guard says that its rule applies.

    Rules that follow up apply only beside one that does not.
    Guards are evaluated once, on the environment at the trigger. The solver's sets run in order,
    later actions on the environment that earlier ones left. A finished engine follows
    `engine.absorb` alone.
    """
    environment = at_trigger(engine.environment, trigger)
    finished = isinstance(environment.local, Finished)
    rules: tuple[AnyRule, ...] = (Absorb,) if finished else family.rules
    firings = _firings(rules, trigger, engine.configuration, environment)
    if isinstance(firings, Refusal):
        return firings
    if all(issubclass(rule, FollowUp) for rule, _ in firings):
        return None
    labels = frozenset(firing.label for _, firing in firings)
    phases = (labels,) if finished else _solved(family, labels)
    if isinstance(phases, Refusal):
        return phases
    ordered = [pair for phase in phases for pair in firings if pair[1].label in phase]
    if sorted(firing.label for _, firing in ordered) != sorted(labels):
        return Refusal(tuple(sorted(labels)), "conflict resolution failed")
    return _act(ordered, trigger, engine)


def at_trigger(environment: Environment[Any], trigger: Trigger) -> Environment[Any]:
    """The environment on which guards are evaluated: what elapsed is set no longer, time is now."""
    if not isinstance(trigger.event, TimersElapsed):
        return environment
    timers = environment.timers
    for timer in trigger.event.timers:
        timers = timers.discard(timer.handle)
    return evolve(environment, timers=timers, time=trigger.at)


def _firings(
    rules: Iterable[AnyRule], trigger: Trigger, configuration: object, environment: Environment[Any]
) -> list[tuple[AnyRule, Firing]] | Refusal:
    firings: list[tuple[AnyRule, Firing]] = []
    for rule in rules:
        try:
            output = rule.guard(trigger, configuration, environment)
        except Exception as error:  # noqa: BLE001  # totality is checked, not assumed
            return Refusal((rule.id,), f"the guard raised {error!r}")
        if output is not None:
            firings.append((rule, Firing(rule.id, output)))
    return firings


def _solved(
    family: EngineFamily, labels: frozenset[RuleId]
) -> tuple[frozenset[RuleId], ...] | Refusal:
    try:
        return family.solve(labels)
    except Exception as error:  # noqa: BLE001  # totality is checked, not assumed
        return Refusal(tuple(sorted(labels)), f"the conflict solver raised {error!r}")


def _act(
    ordered: list[tuple[AnyRule, Firing]],
    trigger: Trigger,
    engine: Engine,
) -> Reaction | Refusal:
    labels = tuple(firing.label for _, firing in ordered)
    environment = at_trigger(engine.environment, trigger)
    effects: list[Effect[Any]] = []
    fired: list[RuleId] = []
    for rule, firing in ordered:
        try:
            effect = rule.action(firing.output, trigger, engine.configuration, environment)
        except Exception as error:  # noqa: BLE001  # totality is checked, not assumed
            return Refusal(labels, f"the action of {rule.id} raised {error!r}")
        wrong = _unlawful(effect, environment)
        if effect is None or wrong is not None:
            return Refusal(labels, f"the action of {rule.id} {wrong}")
        if not issubclass(rule, FollowUp) or effect != Effect(environment):
            fired.append(firing.label)
        environment = _with_timers(effect.environment, effect.timers)
        effects.append(effect)
    return _reaction(engine.identity.external, environment, tuple(fired), effects)


def _reaction(
    own: EngineId,
    environment: Environment[Any],
    fired: tuple[RuleId, ...],
    effects: list[Effect[Any]],
) -> Reaction:
    """The reaction that some effects add up to, in their order."""
    spawns = tuple(spawn for effect in effects for spawn in effect.spawns)
    sends = [send for effect in effects for send in effect.sends]
    return Reaction(
        _with_names(environment, own, spawns),
        fired,
        tuple(Message(own, send.target, send.mailbox, send.body) for send in sends),
        tuple(_born(own, spawn) for spawn in spawns),
        tuple(change for effect in effects for change in effect.timers),
    )


def _unlawful(effect: Effect[Any] | None, environment: Environment[Any]) -> str | None:
    """What an action may not do: offer nothing, or move the clock or timers by itself."""
    if effect is None:
        return "has no effect to offer"
    after = effect.environment
    finished = isinstance(after.local, Finished)
    if after.time != environment.time:
        return "moves the clock"
    if after.timers != environment.timers and not finished:
        return "changes timers other than by setting and discarding them"
    if any(isinstance(change, SetTimer) and change.delay < 0 for change in effect.timers):
        return "sets a timer that would be due before now"
    return None


def _with_timers(
    environment: Environment[Any], changes: tuple[TimerChange, ...]
) -> Environment[Any]:
    timers = environment.timers
    for change in changes:
        timers = (
            timers.set(change.handle, Time(environment.time + change.delay))
            if isinstance(change, SetTimer)
            else timers.discard(change.handle)
        )
    return evolve(environment, timers=timers) if changes else environment


def _with_names(
    environment: Environment[Any], own: EngineId, spawns: tuple[Spawn, ...]
) -> Environment[Any]:
    """The environment in which what was spawned under a name alone has become an acquaintance."""
    named = [spawn.name for spawn in spawns if spawn.name in environment.unnamed_spawns]
    for name in named:
        environment = evolve(
            environment,
            unnamed_spawns=environment.unnamed_spawns.discard(name),
            acquaintances=environment.acquaintances.set(
                AcquaintanceName(name), identity_of(spawn_id(own, name))
            ),
        )
    return environment


def spawn_id(spawner: EngineId, name: EngineName) -> EngineId:
    """The id of an engine that another one creates: on the same node, under the name asked for."""
    return EngineId(spawner.node, name)


def _born(spawner: EngineId, spawn: Spawn) -> Engine:
    return Engine(
        identity_of(spawn_id(spawner, spawn.name)),
        spawn.family,
        spawn.configuration,
        spawn.environment,
    )
