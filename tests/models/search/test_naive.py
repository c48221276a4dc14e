"""The plain search: counts, shortest runs, kinds, bounds."""

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.catalogue.common import genesis_of, label, setting, transaction
from models.model import Model, World
from models.search.bounds import Bounds, Stop
from models.search.judge import JudgeError
from models.search.naive import explore
from models.search.progress import Progress
from models.search.result import SearchResult, Status
from models.worlds import anoma_world
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    Reacted,
    ReactionProperty,
    Step,
    StepProperty,
)
from spec.anoma.shard.behaviour import AnswerReads
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import KVSAcquireLock
from spec.formalism.delivery import SetDelivery
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect
from spec.formalism.event import Deliver, Record
from spec.formalism.family import FamilyName
from spec.formalism.message import Message, Trigger, arrived
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults

RULE = RuleId("test.add-up")


def increments(transactions: int, keys: int, delivery: str = "unordered") -> World:
    """So many transactions, each of which reads and writes so many keys, on a shard each."""
    names = [f"k{number}" for number in range(keys)]
    program = "\n".join(f'write("{key}", read("{key}") + 1)' for key in names)
    chosen = tuple(
        transaction(f"t{number}", label(eager=names, will=names), program)
        for number in range(transactions)
    )
    options: Mapping[str, Any] = {
        "shards": keys,
        "arrival": "any",
        "delivery": delivery,
        "duplicates": 0,
    }
    return anoma_world(setting(chosen, genesis_of(dict.fromkeys(names, 0)), options), ())


def counts(result: SearchResult) -> tuple[int, int, int, int]:
    assert (result.complete, result.stop) == (True, None)
    return result.states, result.transitions, result.depth, len(result.resting)


def statuses(result: SearchResult) -> dict[str, Status]:
    return {each.property.name: each.status for each in result.properties}


def numbers(result: SearchResult, name: str = "the sum") -> list[object]:
    """The bodies of the messages in the run that was found."""
    (found,) = (each for each in result.properties if each.property.name == name)
    events = [event for event in found.events if isinstance(event, Deliver)]
    assert len(events) == len(found.events)
    return [event.message.body for event in events]


@pytest.mark.parametrize(
    ("size", "delivery", "expected"),
    [
        ((1, 1), "unordered", (35, 68, 10, 1)),
        ((2, 1), "unordered", (1845, 7092, 19, 2)),
        ((2, 1), "fifo", (1285, 4604, 20, 2)),
        ((2, 2), "unordered", (14325, 70484, 29, 2)),
    ],
)
def test_the_states_of_small_worlds_are_counted(
    size: tuple[int, int], delivery: str, expected: tuple[int, int, int, int]
) -> None:
    result = explore(increments(*size, delivery))
    assert counts(result) == expected
    assert (result.stutters, result.nodes) == (0, result.states)


def test_a_monitor_multiplies_nodes_and_leaves_the_counts_alone(adding: Any) -> None:
    def first(seen: tuple[object, ...], record: Record) -> tuple[object, ...]:
        return seen or ((record.consumed.body,) if record.consumed else ())

    remembering = MonitorProperty("the first", RULE, Kind.ALWAYS, (), first, lambda _: None)
    plain = explore(adding.world((1, 2)))
    result = explore(adding.world((1, 2), (remembering,)))
    assert counts(result) == counts(plain) == (4, 4, 2, 1)
    assert (plain.nodes, result.nodes) == (4, 5)


def test_a_monitor_sees_runs_that_differ_in_nothing_else(adding: Any) -> None:
    def last(_: object, record: Record) -> object:
        return record.consumed.body if record.consumed else None

    def judge(body: object) -> Evidence | None:
        return Evidence("1 came last") if body == 1 else None

    about = MonitorProperty("the last", RULE, Kind.AT_REST, None, last, judge)
    result = explore(adding.world((1, 2), (about,)))
    assert statuses(result) == {"the last": Status.VIOLATED}
    assert numbers(result, "the last") == [2, 1]


def test_the_run_to_a_violation_is_a_shortest_one(adding: Any) -> None:
    about = adding.found(Kind.ALWAYS, lambda total: total == 7)
    result = explore(adding.world((1, 1, 2, 3, 5, "forget"), (about,)))
    assert (result.stop, result.complete) == (Stop.VIOLATION, False)
    assert sorted(map(str, numbers(result))) == ["2", "5"]


class AnswerAtOnce(AnswerReads):
    """A twin: reads are answered as soon as their lock is there, whatever may still come before."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        """What the rule does, with every transaction's locks taken for heard."""
        lock = arrived(trigger, KVSAcquireLock)
        heard = dict.fromkeys(configuration.workers, lock.body.fingerprint) if lock else {}
        local = environment.local
        early = evolve(local, heard=local.heard.update(heard))
        effect = AnswerReads.action(output, trigger, configuration, environment.with_local(early))
        late = evolve(effect.environment.local, heard=local.heard)
        return Effect(environment.with_local(late), effect.sends)


def test_a_broken_twin_falls_in_a_shortest_run() -> None:
    counter = model_named("counter")
    assert isinstance(counter, Model)
    world = counter.build({each.name: each.default for each in counter.parameters})
    twin = evolve(world, system=world.system.replacing("shard", AnswerAtOnce))
    assert statuses(explore(world))["marks are sound"] is Status.HOLDS
    wanted = "reads see the latest earlier write"
    result = explore(twin, until=frozenset({wanted}))
    (found,) = (each for each in result.properties if each.property.name == wanted)
    assert found.status is Status.VIOLATED
    assert [type(e.message.body).__name__ for e in found.events if isinstance(e, Deliver)] == [
        "TransactionRequest",
        "TransactionRequest",
        "KVSAcquireLock",
    ]


def test_a_search_for_one_violation_goes_on_past_others(adding: Any) -> None:
    early = adding.found(Kind.ALWAYS, lambda total: total == 1, "early")
    late = adding.found(Kind.AT_REST, lambda total: total == 3, "late")
    world = adding.world((1, 2), (early, late))
    stopped = explore(world)
    assert statuses(stopped) == {"early": Status.VIOLATED, "late": Status.INCONCLUSIVE}
    result = explore(world, until=frozenset({"late"}))
    assert statuses(result) == {"early": Status.VIOLATED, "late": Status.VIOLATED}
    assert [each.property.name for each in result.broken(Kind.AT_REST)] == ["late"]
    assert [each.property.name for each in result.broken()] == ["early", "late"]
    assert (numbers(result, "early"), len(numbers(result, "late"))) == ([1], 2)
    assert counts(explore(world, until=frozenset())) == (4, 4, 2, 1)


def test_what_is_about_rest_is_judged_at_rest_alone(adding: Any) -> None:
    passing = adding.found(Kind.AT_REST, lambda total: total == 1)
    assert statuses(explore(adding.world((1, 2), (passing,)))) == {"the sum": Status.HOLDS}
    final = adding.found(Kind.AT_REST, lambda total: total == 3)
    assert statuses(explore(adding.world((1, 2), (final,)))) == {"the sum": Status.VIOLATED}


def test_what_is_about_rest_is_not_judged_where_messages_may_be_lost(adding: Any) -> None:
    about = adding.found(Kind.AT_REST, lambda total: total == 2)
    kept = explore(adding.world((1, 2), (about,), faults=Faults(duplicates=1)))
    lossy = explore(adding.world((1, 2), (about,), faults=Faults(losses=1)))
    assert statuses(kept) == {"the sum": Status.HOLDS}
    assert statuses(lossy) == {"the sum": Status.NOT_JUDGED}
    assert 2 in {state.engines[adding.adder].environment.local for state in lossy.resting}


def test_what_should_happen_sometimes_is_seen_or_not(adding: Any) -> None:
    seen = adding.found(Kind.SOMETIMES, lambda total: total == 2, "seen")
    unseen = adding.found(Kind.SOMETIMES, lambda total: total == 9, "unseen")
    result = explore(adding.world((1, 2), (seen, unseen)))
    assert statuses(result) == {"seen": Status.HOLDS, "unseen": Status.UNSEEN}
    assert result.properties[0].evidence == Evidence("the sum is 2")
    assert numbers(result, "seen") == [2]
    bounded = explore(adding.world((1, 2), (unseen,)), Bounds(max_states=2))
    assert statuses(bounded) == {"unseen": Status.INCONCLUSIVE}


def test_properties_of_every_type_are_judged(adding: Any) -> None:
    def engine(about: Engine) -> Evidence | None:
        return Evidence("engine") if about.environment.local == 2 else None

    def reaction(about: Reacted) -> Evidence | None:
        grown = about.after.environment.local - about.before.environment.local
        return Evidence("reaction") if grown == 2 else None

    def step(about: Step) -> Evidence | None:
        assert about.record in [each.record for each in about.system.successors(about.before)]
        return None if about.after.mailboxes else Evidence("step")

    families = frozenset({adding.family})
    others = frozenset({FamilyName("others")})
    result = explore(
        adding.world(
            (1, 2),
            (
                EngineProperty("e", RULE, Kind.SOMETIMES, families, engine),
                EngineProperty("rest", RULE, Kind.AT_REST, families, engine),
                EngineProperty("other", RULE, Kind.ALWAYS, others, engine),
                ReactionProperty("r", RULE, Kind.SOMETIMES, reaction),
                StepProperty("s", RULE, Kind.SOMETIMES, step),
            ),
        )
    )
    assert {each.property.name: len(each.events) for each in result.properties} == {
        "e": 1,
        "rest": 0,
        "other": 0,
        "r": 1,
        "s": 2,
    }
    assert set(statuses(result).values()) == {Status.HOLDS}


def test_the_start_is_judged(adding: Any) -> None:
    def engine(about: Engine) -> Evidence | None:
        return Evidence("nothing yet") if about.environment.local == 0 else None

    families = frozenset({adding.family})
    state = adding.found(Kind.ALWAYS, lambda total: total == 0)
    engines = EngineProperty("engine", RULE, Kind.ALWAYS, families, engine)
    memory = MonitorProperty(
        "memory", RULE, Kind.ALWAYS, 0, lambda *_: 1, lambda seen: None if seen else Evidence("0")
    )
    result = explore(adding.world((1,), (state, engines, memory)))
    assert set(statuses(result).values()) == {Status.VIOLATED}
    assert (result.states, [each.events for each in result.properties]) == (1, [(), (), ()])


def test_a_step_that_changes_nothing_is_a_stutter(adding: Any) -> None:
    result = explore(adding.world((0, "forget"), discipline=SetDelivery))
    assert counts(result) == (1, 0, 0, 1)
    assert result.stutters == 2


def test_a_search_ends_before_the_first_state_too_many(adding: Any) -> None:
    whole = explore(adding.world((1, 2)), Bounds(max_states=4))
    assert counts(whole) == (4, 4, 2, 1)
    result = explore(adding.world((1, 2)), Bounds(max_states=3))
    assert (result.states, result.stop, result.complete) == (3, Stop.STATES, False)


def test_a_search_ends_when_its_time_is_up() -> None:
    result = explore(increments(2, 1), Bounds(max_seconds=1e-9))
    assert (result.stop, result.complete) == (Stop.SECONDS, False)
    assert 0 < result.states < 1845


def test_an_interrupted_search_says_what_it_has_seen() -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    result = explore(increments(2, 1), listener=interrupt)
    assert (result.stop, result.complete) == (Stop.INTERRUPTED, False)
    assert 0 < result.states < 1845


def test_whoever_listens_hears_how_far_the_search_is() -> None:
    heard: list[Progress] = []
    explore(increments(2, 1), listener=heard.append)
    assert len(heard) == 1845 // 256
    assert [each.states for each in heard] == sorted(each.states for each in heard)
    assert 0 < heard[0].states <= heard[-1].states <= 1845


def test_a_judge_that_raises_is_named(adding: Any) -> None:
    def raising(total: int) -> bool:
        raise ValueError(total)

    world = adding.world((1,), (adding.found(Kind.ALWAYS, raising),))
    with pytest.raises(JudgeError, match=r"^the judge of 'the sum' raised ValueError\(0\)$"):
        explore(world)


def test_rules_are_counted_as_they_fire(adding: Any) -> None:
    coverage = explore(adding.world((1, 2))).coverage
    assert dict(coverage.fired) == {"test.add-up": 4}
    assert coverage.never == ("test.forget",)
