"""Wrong versions of rules, made out of right ones: another guard, another action, another effect."""

from collections.abc import Callable
from typing import Any, cast

from attrs import evolve

from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Send, Trigger
from spec.formalism.rule import AnyRule, Guard

Action = Callable[[Any, Trigger, Any, Environment[Any]], Effect[Any] | None]
"""An action, whatever its engine."""

Amendment = Callable[[Effect[Any], Environment[Any]], Effect[Any]]
"""What becomes of the effect of an action on an environment."""


def with_guard(rule: AnyRule, guard: Guard) -> AnyRule:
    """The rule with another guard."""
    return _version(rule, guard=staticmethod(guard))


def with_action(rule: AnyRule, action: Action) -> AnyRule:
    """The rule with another action."""
    return _version(rule, action=staticmethod(action))


def with_both(rule: AnyRule, guard: Guard, action: Action) -> AnyRule:
    """The rule with another guard and another action."""
    return with_guard(with_action(rule, action), guard)


def amended(rule: AnyRule, amendment: Amendment) -> AnyRule:
    """The rule whose effect is amended."""

    def action(
        output: Any, trigger: Trigger, configuration: Any, environment: Environment[Any]
    ) -> Effect[Any] | None:
        effect = rule.action(output, trigger, configuration, environment)
        return None if effect is None else amendment(effect, environment)

    return with_action(rule, action)


def sending(rule: AnyRule, sends: Callable[[tuple[Send, ...]], tuple[Send, ...]]) -> AnyRule:
    """The rule that sends something else."""
    return amended(rule, lambda effect, _: evolve(effect, sends=sends(effect.sends)))


def never(rule: AnyRule) -> AnyRule:
    """The rule that never applies."""
    return with_guard(rule, lambda _trigger, _configuration, _environment: None)


def forgetful(rule: AnyRule) -> AnyRule:
    """The rule that sends what it should, and remembers nothing of it."""
    return amended(
        rule, lambda effect, environment: evolve(effect, environment=environment, timers=())
    )


def silent(rule: AnyRule) -> AnyRule:
    """The rule that remembers what it should, and sends nothing."""
    return sending(rule, lambda _: ())


def idle(rule: AnyRule) -> AnyRule:
    """The rule that takes its message, and does nothing."""
    return amended(rule, lambda _, environment: Effect(environment))


def doubled(rule: AnyRule) -> AnyRule:
    """The rule that sends everything twice."""
    return sending(rule, lambda sends: sends + sends)


def _version(rule: AnyRule, **parts: object) -> AnyRule:
    return cast("AnyRule", type(rule.__name__, (rule,), dict(parts)))
