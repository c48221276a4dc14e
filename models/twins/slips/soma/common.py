"""What wrong versions of Soma's rules are made of."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from models.twins.amend import with_action
from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Trigger
from spec.formalism.rule import AnyRule

Env = Environment[Any]
"""The environment of any engine."""

AnyEffect = Effect[Any]
"""The effect of any engine's rule."""

Revision = Callable[[AnyEffect, Any, Env], AnyEffect]
"""What becomes of an effect, in view of what the guard has found, on an environment."""


def revised(rule: AnyRule, revision: Revision) -> AnyRule:
    """The rule whose effect becomes another one."""

    def action(
        output: Any, trigger: Trigger, configuration: Any, environment: Env
    ) -> AnyEffect | None:
        effect = rule.action(output, trigger, configuration, environment)
        return None if effect is None else revision(effect, output, environment)

    return with_action(rule, action)


def remembering(effect: AnyEffect, **changes: Any) -> AnyEffect:
    """The effect after which some fields of the local state are others."""
    local = evolve(effect.environment.local, **changes)
    return evolve(effect, environment=effect.environment.with_local(local))


def keeping(rule: AnyRule, *fields: str) -> AnyRule:
    """The rule that leaves some fields of the local state as they were."""
    return revised(
        rule,
        lambda effect, _output, environment: remembering(
            effect, **{name: getattr(environment.local, name) for name in fields}
        ),
    )


def without(rule: AnyRule, *bodies: type[Any]) -> AnyRule:
    """The rule that sends no message of these bodies."""
    return revised(
        rule,
        lambda effect, _output, _environment: evolve(
            effect, sends=tuple(each for each in effect.sends if not isinstance(each.body, bodies))
        ),
    )
