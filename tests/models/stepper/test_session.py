"""Sessions: every point is one of the system's, and stays."""

from itertools import pairwise

import pytest
from attrs import evolve

from models.errors import InputError
from models.search.judge import JudgeError
from models.stepper.finding import by_engine, by_property, by_rule
from models.stepper.opening import open_session
from models.stepper.session import Session
from properties.property import Evidence, Kind, MonitorProperty
from spec.formalism.event import Record
from spec.formalism.rule import RuleId

SMALL = (
    "voting",
    "two-phase-commit",
    "counter",
    "pool-fifo",
    "soma-chain",
    "soma-crash",
    "last-message-of-a-step-lost",
    "identity-renewed-at-every-step",
    "engine-from-nowhere",
)
"""Worlds of every system, with timers and faults; and twins in which steps follow other laws."""


@pytest.mark.parametrize("name", SMALL)
def test_choices_and_steps_are_those_of_the_system(name: str) -> None:
    session = open_session(name)
    session.random(1000, seed=1)
    for point in session.run():
        state, system = point.state, session.world.system
        successors = list(system.successors(state))
        choices = session.enabled(point)
        assert [each.event for each in choices] == [each.event for each in successors]
        assert [each.changes for each in choices] == [each.state != state for each in successors]
        assert point.rests == (not any(each.changes for each in choices))
        if point.parent is not None and point.event is not None:
            assert (point.state, point.record) == system.step(point.parent.state, point.event)


def test_a_step_of_a_number_is_the_one_that_was_listed(counter: Session) -> None:
    chosen = counter.enabled()[1]
    after = counter.choose(2)
    assert (after, after.event, after.step) == (counter.here, chosen.event, 1)
    with pytest.raises(InputError, match=r"^no event 99 here; expected 1 to 4$"):
        counter.choose(99)


def test_all_points_of_a_run_stay(counter: Session) -> None:
    counter.random(1000)
    line = counter.line()
    assert line[-1].rests
    assert [counter.back(), counter.back(3), counter.back(1000)] == [line[-2], line[-5], line[0]]
    assert [counter.forward(2), counter.to(7), counter.to("end")] == [line[2], line[7], line[-1]]
    assert counter.size == len(line)


def test_a_choice_besides_the_next_step_begins_a_branch(counter: Session) -> None:
    counter.choose(1)
    counter.choose(1)
    first = counter.end
    counter.back()
    assert (counter.choose(1), counter.branch) == (first, "main")
    counter.back()
    other = counter.choose(2)
    assert (counter.branch, counter.branches) == ("branch-2", {"branch-2": other, "main": first})
    assert counter.to("main") is first
    assert counter.to("branch-2:1") is first.parent
    assert counter.branch == "branch-2"


def test_moves_are_undone_and_redone_one_by_one(counter: Session) -> None:
    start = counter.here
    counter.random(5)
    fifth = counter.here
    counter.back(2)
    counter.choose(1)
    assert [counter.undo(), counter.undo()] == [fifth.parent and fifth.parent.parent, fifth]
    assert counter.branches == {"main": fifth}
    assert [counter.undo(), counter.redo(), counter.redo()] == [start, fifth, counter.here]
    counter.choose(1)
    with pytest.raises(InputError, match="nothing to redo"):
        counter.redo()


def test_branches_have_names(counter: Session) -> None:
    counter.random(3)
    counter.back()
    counter.new_branch("other")
    counter.random(1)
    assert {name: end.step for name, end in counter.branches.items()} == {"main": 3, "other": 3}
    counter.rename("better")
    assert (counter.branch, sorted(counter.branches)) == ("better", ["better", "main"])
    with pytest.raises(InputError, match="there is a branch main already"):
        counter.new_branch("main")
    with pytest.raises(InputError, match="'1' names no branch"):
        counter.new_branch("1")


@pytest.mark.parametrize("name", ["99", "nowhere", "main:99", "nowhere:1", ":1", "", "\u0663"])
def test_a_point_that_is_not_there_is_refused(counter: Session, name: str) -> None:
    with pytest.raises(InputError, match=r"^no (step|branch) .*; expected "):
        counter.to(name)


def test_random_steps_are_the_same_for_the_same_seed() -> None:
    runs = [open_session("counter", seed=7) for _ in range(2)]
    for session in runs:
        session.random(50)
    assert runs[0].events() == runs[1].events()
    runs[0].to("start")
    runs[0].random(50)
    assert runs[0].events() != runs[1].events()


def test_it_runs_to_the_next_event_of_a_kind(counter: Session) -> None:
    walk = counter.until(by_engine("shard.1"))
    assert walk.points[-1] is counter.here
    assert str(counter.here.event and counter.here.event.message.target) == "shard.1"  # type: ignore[union-attr]
    assert all("shard" not in str(each.shape and each.shape.engine) for each in walk.points[:-1])
    counter.until(by_rule("executor.finish-transaction"))
    found = counter.here
    counter.to("start")
    assert counter.until(by_rule("executor.finish-transaction")).why == "found on the branch"
    assert counter.here is found
    counter.back(3)
    assert counter.until(by_rule("no.such-rule")).why == "at rest"
    assert (counter.branch, counter.here.rests, counter.end.step) == (
        "main",
        True,
        counter.here.step,
    )


def test_random_steps_change_something() -> None:
    session = open_session("two-phase-commit", {"delivery": "set"})
    session.random(1000, seed=1)
    assert not all(each.changes for each in session.enabled())
    assert session.here.rests
    states = [point.state for point in session.run()]
    assert all(one != other for one, other in pairwise(states))


def test_a_refused_step_is_taken_at_random_once_in_a_row() -> None:
    session = open_session("solver-repeats-a-rule")
    assert [each.refused for each in session.enabled()][:1] == [True]
    assert str(session.enabled()[0]).endswith(" (refused)")
    session.random(1000)
    refused = [bool(point.record and point.record.refusal) for point in session.run()]
    assert (any(refused), (True, True) in list(pairwise(refused))) == (True, False)
    assert "no step is refused" in session.here.shown


def test_a_judge_that_raises_leaves_the_session_where_it_was(counter: Session) -> None:
    def judge(memory: int) -> Evidence | None:
        if memory == 3:
            raise ValueError("three")
        return None

    def observe(memory: int, _: Record) -> int:
        return memory + 1

    touchy = MonitorProperty("touchy", RuleId("x"), Kind.ALWAYS, 0, observe, judge)
    session = Session(evolve(counter.world, properties=(touchy,)))
    session.choose(1)
    session.choose(1)
    before = (session.here, session.enabled())
    with pytest.raises(JudgeError, match="touchy"):
        session.choose(2)
    assert (session.here, session.enabled()) == before
    assert session.back().step == 1
    after, _ = session.world.system.step(session.here.state, session.enabled()[2].event)
    assert session.choose(3).state == after


def test_what_a_run_shows_is_known_at_every_point_of_it(counter: Session) -> None:
    counter.until(by_property("a read waits"))
    [sight] = counter.here.new
    assert (sight.property.name, sight.step) == ("a read waits", counter.here.step)
    words = {each.about.name: each.word for each in counter.standings()}
    assert words["a read waits"] == "seen"
    assert words["no increment is lost"] == "judged at rest"
    counter.back()
    words = {each.about.name: each.word for each in counter.standings()}
    assert words["a read waits"] == "not seen"
    counter.random(1000)
    words = {each.about.name: each.word for each in counter.standings()}
    assert words["no increment is lost"] == "not broken"
