"""Random priorities: the guarantee holds exactly, for every bug of small forests of events."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from models.schedulers.pct import Guarantee, Pct, seeded

Forest = Mapping[int, tuple[int, ...]]

ONE_LONG_CHAIN: Forest = {-1: (0, 5), 0: (1,), 1: (2,), 2: (3,), 3: (4,)}
TWO_TREES: Forest = {-1: (0, 4), 0: (1, 2), 2: (3,), 4: (5,)}
A_STAR: Forest = {-1: (0,), 0: (1, 2, 3)}


class Draws:
    """Draws that are told what to come to, and note what they could have come to."""

    def __init__(self, told: tuple[int, ...]) -> None:
        self.drawn: list[int] = []
        self.below: list[int] = []
        self._told = told

    def __call__(self, below: int) -> int:
        place = len(self.drawn)
        self.drawn.append(self._told[place] if place < len(self._told) else 0)
        self.below.append(below)
        return self.drawn[-1]


def every_run(
    run: Callable[[Draws], list[tuple[int, frozenset[int]]]],
) -> Iterator[tuple[Fraction, list[tuple[int, frozenset[int]]]]]:
    """All runs that the draws may lead to, each with its probability."""
    told: tuple[int, ...] | None = ()
    while told is not None:
        draws = Draws(told)
        taken = run(draws)
        chance = Fraction(1)
        for below in draws.below:
            chance /= below
        yield chance, taken
        drawn = draws.drawn
        while drawn and drawn[-1] == draws.below[len(drawn) - 1] - 1:
            drawn.pop()
        told = (*drawn[:-1], drawn[-1] + 1) if drawn else None


def puts_off(taken: list[tuple[int, frozenset[int]]], late: tuple[int, ...]) -> bool:
    """Whether a run takes each of some events only when nothing else is possible than it and those after it."""
    return all(
        possible <= set(late[late.index(event) :]) for event, possible in taken if event in late
    )


def leaves(forest: Forest) -> int:
    """How many events make nothing possible."""
    events = {event for events in forest.values() for event in events}
    return len(events - set(forest))


def orders(forest: Forest) -> Iterator[list[tuple[int, frozenset[int]]]]:
    """All runs there are."""

    def go_on(
        possible: frozenset[int], taken: list[tuple[int, frozenset[int]]]
    ) -> Iterator[list[tuple[int, frozenset[int]]]]:
        if not possible:
            yield taken
        for event in possible:
            after = (possible - {event}) | frozenset(forest.get(event, ()))
            yield from go_on(after, [*taken, (event, possible)])

    yield from go_on(frozenset(forest[-1]), [])


@pytest.mark.parametrize("forest", [ONE_LONG_CHAIN, TWO_TREES, A_STAR])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_each_bug_is_found_at_least_as_often_as_is_guaranteed(
    forest: Forest, depth: int, forests: Any
) -> None:
    events = sorted(event for events in forest.values() for event in events)
    runs = list(every_run(lambda draws: forests.run(forest, Pct(depth, len(events), draws))))
    assert sum(chance for chance, _ in runs) == 1
    least = Fraction(1, leaves(forest) * len(events) ** (depth - 1))
    bugs = [
        late
        for late in permutations(events, depth)
        if any(puts_off(taken, late) for taken in orders(forest))
    ]
    assert len(bugs) >= depth
    chances = [
        sum((chance for chance, taken in runs if puts_off(taken, late)), Fraction())
        for late in bugs
    ]
    assert min(chances) >= least


def test_what_comes_last_of_all_is_found_where_uniform_choices_hardly_ever_do(forests: Any) -> None:
    def last(taken: list[tuple[int, frozenset[int]]]) -> bool:
        return taken[-1][0] == 5

    runs = every_run(lambda draws: forests.run(ONE_LONG_CHAIN, Pct(1, 6, draws)))
    assert sum(chance for chance, taken in runs if last(taken)) == Fraction(1, 2)
    uniform = sum(
        (
            Fraction(1, 2 ** sum(len(possible) == 2 for _, possible in taken))
            for taken in orders(ONE_LONG_CHAIN)
            if last(taken)
        ),
        Fraction(),
    )
    assert uniform == Fraction(1, 32)


@pytest.mark.parametrize("forest", [ONE_LONG_CHAIN, TWO_TREES, A_STAR])
def test_there_are_as_many_chains_as_events_that_make_nothing_possible(
    forest: Forest, forests: Any
) -> None:
    scheduler = seeded("3", 2, 6)
    taken = forests.run(forest, scheduler)
    assert (scheduler.chains, scheduler.events) == (leaves(forest), len(taken))


def test_the_same_seed_chooses_the_same(forests: Any) -> None:
    one, same = (forests.run(TWO_TREES, seeded("7/0", 2, 6)) for _ in range(2))
    others = [forests.run(TWO_TREES, seeded(f"7/{number}", 2, 6)) for number in range(1, 9)]
    assert one == same
    assert any(other != one for other in others)


def test_what_was_taken_and_is_still_possible_comes_after_everything_else(forests: Any) -> None:
    scheduler = seeded("1", 1, 0)
    chosen = [scheduler.choose(forests.some(3), step) for step in range(9)]
    assert sorted(chosen[:3]) == [0, 1, 2]
    assert chosen[3:6] == chosen[:3]
    assert chosen[6:] == chosen[:3]


def test_the_guarantee_says_how_likely_walks_were_to_find_a_bug() -> None:
    guarantee = Guarantee(depth=2, events=10, chains=5, walks=100, most=9)
    assert guarantee.one == pytest.approx(1 / 50)
    assert guarantee.all == pytest.approx(1 - (49 / 50) ** 100)
    assert guarantee.words == (
        "a bug of depth 2 shows in one walk with probability 0.02 at least, in one of 100 with 0.87 "
        "(runs of at most 10 events in 5 chains)"
    )


def test_walks_with_more_events_than_were_planned_for_guarantee_nothing() -> None:
    guarantee = Guarantee(depth=2, events=10, chains=5, walks=100, most=11)
    assert (guarantee.one, guarantee.all) == (0, 0)
    assert guarantee.words == (
        "no guarantee: a walk had 11 events, more than the 10 that were planned for"
    )


def test_one_chain_and_depth_one_leave_nothing_to_chance() -> None:
    assert Guarantee(depth=1, events=7, chains=1, walks=1, most=7).all == 1
