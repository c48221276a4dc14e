"""How one engine reacts to one trigger."""

from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from spec.formalism.clauses import Absorb
from spec.formalism.engine import Engine, Reaction, Refusal, react, spawn_id
from spec.formalism.environment import (
    FINISHED,
    DiscardTimer,
    Effect,
    Environment,
    SetTimer,
    Spawn,
    finish,
)
from spec.formalism.family import ConflictSolver, EngineFamily, FamilyName, one_at_a_time, phases
from spec.formalism.identity import (
    AcquaintanceName,
    EngineId,
    EngineName,
    NodeId,
    identity_of,
    on_local_node,
)
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    MailboxId,
    Message,
    MessageArrived,
    Send,
    Time,
    Timer,
    TimerHandle,
    TimersElapsed,
    Trigger,
    arrived,
)
from spec.formalism.rule import AnyRule, FollowUp, Rule, RuleId

ANN = on_local_node("ann")
OWN = EngineId(NodeId("there"), EngineName("own"))
ALARM, OTHER = TimerHandle("alarm"), TimerHandle("other")
CHILD = EngineName("child")


class Append(Rule[str, str, str]):
    """Appends its own name to the local state, and sends what it found there."""

    id = RuleId("test.first")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: str, environment: Environment[str]) -> str | None:
        return f"{environment.local}@{trigger.at}" if arrived(trigger, str) else None

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: str, environment: Environment[str]
    ) -> Effect[Any] | None:
        sends = (Send(ANN, f"1 {configuration} guard {output} action {environment.local}"),)
        return Effect(environment.with_local(environment.local + "1"), sends)


class AppendToo(Append):
    """The same with another name."""

    id = RuleId("test.second")

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: str, environment: Environment[str]
    ) -> Effect[Any] | None:
        sends = (Send(ANN, f"2 {configuration} guard {output} action {environment.local}"),)
        return Effect(environment.with_local(environment.local + "2"), sends)


class Silent(Append):
    """Its action has no effect to offer."""

    id = RuleId("test.silent")

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: str, environment: Environment[str]
    ) -> Effect[Any] | None:
        return None


class RaisingAction(Append):
    """Its action is not total."""

    id = RuleId("test.raising-action")

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: str, environment: Environment[str]
    ) -> Effect[Any] | None:
        raise ValueError("of the action")


class RaisingGuard(Append):
    """Its guard is not total."""

    id = RuleId("test.raising-guard")

    @staticmethod
    def guard(trigger: Trigger, configuration: str, environment: Environment[str]) -> str | None:
        raise ValueError("of the guard")


def does(effect: Effect[Any], *, name: str = "test.does") -> AnyRule:
    """A rule that always applies, with this effect on the environment that the test starts from."""

    class Does(Append):
        id = RuleId(name)

        @staticmethod
        def guard(
            trigger: Trigger, configuration: str, environment: Environment[str]
        ) -> str | None:
            return ""

        @staticmethod
        def action(
            output: str, trigger: Trigger, configuration: str, environment: Environment[str]
        ) -> Effect[Any] | None:
            return evolve(effect, environment=environment) if effect.environment == HOME else effect

    return Does


def following(effect: Effect[Any], *, name: str = "test.follows") -> AnyRule:
    """A rule that follows up with this effect, on what the earlier ones left."""
    rule = does(effect, name=name)

    class Follows(FollowUp[str, str, str]):
        id = rule.id
        version = 1
        sources = ()
        guard = staticmethod(rule.guard)
        action = staticmethod(rule.action)

    return Follows


HOME = Environment("x", timers=pmap({ALARM: Time(5)}), time=Time(3))


def family(*rules: AnyRule, solve: ConflictSolver = one_at_a_time) -> EngineFamily:
    return EngineFamily(FamilyName("test"), rules, solve)


def engine(environment: Environment[Any] = HOME) -> Engine:
    return Engine(identity_of(OWN), "test", "c", environment)


def mail(body: object) -> Trigger:
    return Trigger(MessageArrived(Message(ANN, OWN, DEFAULT_MAILBOX, body)), Time(3))


def sent(body: object, mailbox: MailboxId = DEFAULT_MAILBOX) -> Message[Any]:
    return Message(OWN, ANN, mailbox, body)


ALARM_ELAPSED = Trigger(TimersElapsed((Timer(Time(5), ALARM),)), Time(5))


def test_no_reaction_where_no_guard_accepts() -> None:
    assert react(family(Append), engine(), mail(1)) is None


def test_guards_see_the_environment_at_the_trigger_and_actions_what_earlier_ones_left() -> None:
    solve = phases(frozenset({AppendToo.id}), frozenset({Append.id}))
    assert react(family(Append, AppendToo, solve=solve), engine(), mail("go")) == Reaction(
        HOME.with_local("x21"),
        (AppendToo.id, Append.id),
        (sent("2 c guard x@3 action x"), sent("1 c guard x@3 action x2")),
    )


def test_inside_one_set_actions_run_in_the_order_of_the_familys_rules() -> None:
    solve = phases(frozenset({Append.id, AppendToo.id}))
    reaction = react(family(Append, AppendToo, solve=solve), engine(), mail("go"))
    assert isinstance(reaction, Reaction)
    assert (reaction.fired, reaction.environment.local) == ((Append.id, AppendToo.id), "x12")


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        (
            (AppendToo, Append),
            Refusal((Append.id, AppendToo.id), "conflict resolution failed"),
        ),
        ((Silent,), Refusal((Silent.id,), "the action of test.silent has no effect to offer")),
        (
            (RaisingAction,),
            Refusal(
                (RaisingAction.id,),
                "the action of test.raising-action raised ValueError('of the action')",
            ),
        ),
        (
            (Append, RaisingGuard),
            Refusal((RaisingGuard.id,), "the guard raised ValueError('of the guard')"),
        ),
    ],
)
def test_a_step_that_the_rules_cannot_answer_is_refused(
    rules: tuple[AnyRule, ...], refusal: Refusal
) -> None:
    assert react(family(*rules), engine(), mail("go")) == refusal


def test_a_failed_resolution_names_all_rules_that_applied_in_order() -> None:
    names = [f"test.{number}" for number in range(9)]
    rules = [does(Effect(HOME), name=name) for name in names]
    assert react(family(*rules[::-1]), engine(), mail("go")) == Refusal(
        tuple(RuleId(name) for name in names), "conflict resolution failed"
    )


@pytest.mark.parametrize(
    "answer",
    [
        (frozenset({Append.id}),),
        (frozenset({RuleId("test.stranger")}),),
        (frozenset({Append.id}), frozenset({Append.id, AppendToo.id})),
        (frozenset({Append.id}), frozenset({Append.id})),
    ],
)
def test_a_solver_that_forgets_or_repeats_a_rule_has_failed(
    answer: tuple[frozenset[RuleId], ...],
) -> None:
    broken = family(Append, AppendToo, solve=lambda _: answer)
    assert react(broken, engine(), mail("go")) == Refusal(
        (Append.id, AppendToo.id), "conflict resolution failed"
    )


def test_a_later_action_without_effect_takes_the_earlier_ones_with_it() -> None:
    solve = phases(frozenset({Append.id}), frozenset({Silent.id}))
    assert react(family(Append, Silent, solve=solve), engine(), mail("go")) == Refusal(
        (Append.id, Silent.id), "the action of test.silent has no effect to offer"
    )


def test_an_elapsed_timer_is_set_no_longer_and_is_the_time() -> None:
    assert react(family(does(Effect(HOME))), engine(), ALARM_ELAPSED) == Reaction(
        Environment("x", time=Time(5)), (RuleId("test.does"),)
    )


def test_a_guard_sees_the_time_at_which_a_timer_elapsed() -> None:
    class Look(Append):
        @staticmethod
        def guard(
            trigger: Trigger, configuration: str, environment: Environment[str]
        ) -> str | None:
            return f"{trigger.at} {environment.time} {dict(environment.timers)}"

    reaction = react(family(Look), engine(), ALARM_ELAPSED)
    assert isinstance(reaction, Reaction)
    assert reaction.sent == (sent("1 c guard 5 5 {} action x"),)


def test_several_timers_may_elapse_in_one_trigger() -> None:
    environment = evolve(HOME, timers=HOME.timers.set(OTHER, Time(5)))
    both = Trigger(TimersElapsed((Timer(Time(5), ALARM), Timer(Time(5), OTHER))), Time(5))
    reaction = react(family(does(Effect(HOME))), engine(environment), both)
    assert reaction == Reaction(Environment("x", time=Time(5)), (RuleId("test.does"),))


@pytest.mark.parametrize(
    ("changes", "timers"),
    [
        ((SetTimer(OTHER, Delay(4)),), {ALARM: 5, OTHER: 7}),
        ((SetTimer(OTHER, Delay(0)),), {ALARM: 5, OTHER: 3}),
        ((SetTimer(ALARM, Delay(9)),), {ALARM: 12}),
        ((DiscardTimer(ALARM),), {}),
        ((DiscardTimer(OTHER),), {ALARM: 5}),
        ((DiscardTimer(ALARM), SetTimer(ALARM, Delay(1))), {ALARM: 4}),
        ((SetTimer(ALARM, Delay(1)), DiscardTimer(ALARM)), {}),
    ],
)
def test_timers_are_set_superseded_and_discarded_in_order(
    changes: tuple[SetTimer | DiscardTimer, ...], timers: dict[TimerHandle, Time]
) -> None:
    assert react(family(does(Effect(HOME, timers=changes))), engine(), mail("go")) == Reaction(
        evolve(HOME, timers=pmap(timers)), (RuleId("test.does"),), timers=changes
    )


def test_a_later_action_sees_the_timers_that_an_earlier_one_set() -> None:
    class Look(Append):
        @staticmethod
        def action(
            output: str, trigger: Trigger, configuration: str, environment: Environment[str]
        ) -> Effect[Any] | None:
            return Effect(environment.with_local(str(environment.timers[OTHER])))

    does_first = does(Effect(HOME, timers=(SetTimer(OTHER, Delay(4)),)))
    solve = phases(frozenset({does_first.id}), frozenset({Look.id}))
    reaction = react(family(Look, does_first, solve=solve), engine(), mail("go"))
    assert isinstance(reaction, Reaction)
    assert reaction.environment.local == "7"


def test_the_engine_itself_is_the_sender_and_names_the_mailbox() -> None:
    effect = Effect(HOME, (Send(ANN, "hello", MailboxId(2)),))
    reaction = react(family(does(effect)), engine(), mail("go"))
    assert isinstance(reaction, Reaction)
    assert reaction.sent == (sent("hello", MailboxId(2)),)


BIRTH = Spawn(CHILD, "test", "told", Environment("young"))


def test_a_spawned_engine_stands_on_the_spawners_node() -> None:
    reaction = react(family(does(Effect(HOME, spawns=(BIRTH,)))), engine(), mail("go"))
    child = EngineId(NodeId("there"), CHILD)
    assert spawn_id(OWN, CHILD) == child
    assert reaction == Reaction(
        HOME,
        (RuleId("test.does"),),
        spawned=(Engine(identity_of(child), "test", "told", Environment("young")),),
    )


def test_what_was_spawned_under_a_name_alone_becomes_an_acquaintance() -> None:
    waiting = EngineName("waiting")
    effect = Effect(evolve(HOME, unnamed_spawns=pset([CHILD, waiting])), spawns=(BIRTH,))
    reaction = react(family(does(effect)), engine(), mail("go"))
    assert isinstance(reaction, Reaction)
    assert reaction.environment == evolve(
        HOME,
        unnamed_spawns=pset([waiting]),
        acquaintances=pmap({AcquaintanceName("child"): identity_of(spawn_id(OWN, CHILD))}),
    )


def test_an_engine_may_finish_with_last_messages() -> None:
    effect = finish(evolve(HOME, local="y"), (Send(ANN, "bye"),))
    assert react(family(does(effect)), engine(), mail("go")) == Reaction(
        Environment(FINISHED, time=Time(3)), (RuleId("test.does"),), (sent("bye"),)
    )


def test_a_finished_engine_absorbs_every_message_whatever_its_rules_say() -> None:
    finished = Environment(FINISHED, time=Time(3))
    deaf = family(RaisingGuard, solve=phases(frozenset({RaisingGuard.id})))
    assert react(deaf, engine(finished), mail("go")) == Reaction(finished, (Absorb.id,))


def test_a_finished_engine_does_nothing_when_a_timer_elapses() -> None:
    finished = Environment(FINISHED, timers=pmap({ALARM: Time(5)}))
    assert react(family(does(Effect(HOME))), engine(finished), ALARM_ELAPSED) is None


IDLE = does(Effect(HOME))


def followed(*rules: AnyRule, taker: AnyRule = IDLE) -> Reaction | Refusal | None:
    """What an engine does when these rules follow up, one after the other."""
    solve = phases(*(frozenset({rule.id}) for rule in (taker, *rules)))
    return react(family(taker, *rules, solve=solve), engine(), mail("go"))


def test_a_rule_that_takes_the_trigger_has_fired_though_it_did_nothing() -> None:
    assert followed() == Reaction(HOME, (IDLE.id,))


def test_a_follow_up_that_found_nothing_to_do_has_not_fired() -> None:
    assert followed(following(Effect(HOME))) == Reaction(HOME, (IDLE.id,))


def test_a_follow_up_that_only_sends_has_fired() -> None:
    rule = following(Effect(HOME, (Send(ANN, "more"),)))
    assert followed(rule) == Reaction(HOME, (IDLE.id, rule.id), (sent("more"),))


def test_a_follow_up_that_only_changes_the_environment_has_fired() -> None:
    rule = following(Effect(HOME.with_local("y")))
    assert followed(rule) == Reaction(HOME.with_local("y"), (IDLE.id, rule.id))


@pytest.mark.parametrize("change", [SetTimer(ALARM, Delay(2)), DiscardTimer(OTHER)])
def test_a_follow_up_that_only_changes_a_timer_has_fired_though_none_moved(
    change: SetTimer | DiscardTimer,
) -> None:
    rule = following(Effect(HOME, timers=(change,)))
    assert followed(rule) == Reaction(HOME, (IDLE.id, rule.id), timers=(change,))


def test_a_follow_up_that_only_spawns_has_fired() -> None:
    rule = following(Effect(HOME, spawns=(BIRTH,)))
    child = Engine(identity_of(spawn_id(OWN, CHILD)), "test", "told", Environment("young"))
    assert followed(rule) == Reaction(HOME, (IDLE.id, rule.id), spawned=(child,))


def test_a_follow_up_is_idle_where_it_leaves_what_earlier_rules_left() -> None:
    idle = following(Effect(HOME), name="test.idle")
    last = following(Effect(HOME, (Send(ANN, "last"),)), name="test.last")
    assert followed(idle, last, taker=Append) == Reaction(
        HOME.with_local("x1"),
        (Append.id, last.id),
        (sent("1 c guard x@3 action x"), sent("last")),
    )


def test_a_rule_of_a_later_set_that_does_not_follow_up_has_fired_though_it_did_nothing() -> None:
    second = does(Effect(HOME), name="test.later")
    assert followed(second) == Reaction(HOME, (IDLE.id, second.id))


def test_a_follow_up_alone_takes_no_trigger() -> None:
    rule = following(Effect(HOME, (Send(ANN, "more"),)))
    assert react(family(rule), engine(), mail("go")) is None


def test_a_follow_up_that_fails_refuses_the_whole_step_and_is_named_with_the_idle_ones() -> None:
    class Raises(RaisingAction, FollowUp[str, str, str]):
        pass

    idle = following(Effect(HOME))
    assert followed(idle, Raises) == Refusal(
        (IDLE.id, idle.id, Raises.id),
        "the action of test.raising-action raised ValueError('of the action')",
    )


@pytest.mark.parametrize(
    ("effect", "wrong"),
    [
        (Effect(evolve(HOME, time=Time(9))), "moves the clock"),
        (
            Effect(evolve(HOME, timers=pmap({ALARM: Time(9)}))),
            "changes timers other than by setting and discarding them",
        ),
        (
            Effect(HOME, timers=(SetTimer(ALARM, Delay(0)), SetTimer(OTHER, Delay(-1)))),
            "sets a timer that would be due before now",
        ),
    ],
)
def test_an_action_that_moves_clock_or_timers_by_itself_refuses_the_step(
    effect: Effect[Any], wrong: str
) -> None:
    assert react(family(does(effect)), engine(), mail("go")) == Refusal(
        (RuleId("test.does"),), f"the action of test.does {wrong}"
    )


def test_a_solver_that_raises_refuses_the_step() -> None:
    def raising(_: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
        raise ValueError("of the solver")

    assert react(family(AppendToo, Append, solve=raising), engine(), mail("go")) == Refusal(
        (Append.id, AppendToo.id), "the conflict solver raised ValueError('of the solver')"
    )
