"""Wrong versions of rules: what they keep of the right one, and what they change."""

from typing import Any

from models.twins.amend import doubled, forgetful, idle, never, sending, silent, with_action
from spec.formalism.environment import Effect, Environment
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Send, Time, Trigger
from spec.formalism.rule import AnyRule, Rule, RuleId

OTHER = on_local_node("other")
MESSAGE = Message(OTHER, OTHER, DEFAULT_MAILBOX, 1)
TRIGGER = Trigger(MessageArrived(MESSAGE), Time(0))
BEFORE, AFTER = Environment(0), Environment(1)
SENDS = (Send(OTHER, "a"), Send(OTHER, "b"))


class Right(Rule[None, int, int]):
    """It counts, and tells two."""

    id = RuleId("test.right")
    version = 1
    sources = ()

    @staticmethod
    def guard(_trigger: Trigger, _configuration: None, _environment: Environment[int]) -> int:
        return 1

    @staticmethod
    def action(
        output: int, _trigger: Trigger, _configuration: None, environment: Environment[int]
    ) -> Effect[Any]:
        return Effect(environment.with_local(environment.local + output), SENDS)


def effect_of(rule: AnyRule) -> Effect[Any] | None:
    return rule.action(1, TRIGGER, None, BEFORE)


def test_a_version_is_another_class_with_the_same_id() -> None:
    for version in (never(Right), forgetful(Right), silent(Right), idle(Right), doubled(Right)):
        assert version is not Right
        assert (version.id, version.version) == (Right.id, Right.version)
    assert effect_of(Right) == Effect(AFTER, SENDS)


def test_each_version_differs_in_one_thing() -> None:
    assert never(Right).guard(TRIGGER, None, BEFORE) is None
    assert effect_of(never(Right)) == Effect(AFTER, SENDS)
    assert effect_of(forgetful(Right)) == Effect(BEFORE, SENDS)
    assert effect_of(silent(Right)) == Effect(AFTER)
    assert effect_of(idle(Right)) == Effect(BEFORE)
    assert effect_of(doubled(Right)) == Effect(AFTER, SENDS + SENDS)
    assert effect_of(sending(Right, lambda sends: sends[1:])) == Effect(AFTER, SENDS[1:])


def test_an_action_without_an_effect_has_none_when_amended() -> None:
    nothing = with_action(Right, lambda _output, _trigger, _configuration, _environment: None)
    assert effect_of(silent(nothing)) is None
