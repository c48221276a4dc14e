"""Representatives are exact: two states have the same one exactly if exchanges make one of the other."""

from collections.abc import Iterable
from itertools import combinations, permutations
from random import Random

import numpy as np
import pytest
from pyrsistent import pmap

from models.model import Interchangeable, World
from models.search.actors import Actors, Column
from models.search.symmetry.canonical import Canonical, Settled
from models.search.symmetry.colours import Colours, Painter
from models.search.symmetry.group import Arrangement, Group
from models.search.symmetry.images import Images
from models.search.vectorised import Rows
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState, initial_state
from spec.formalism.system import System

Graph = frozenset[tuple[int, int]]
"""Which point knows which."""

HUB = on_local_node("hub")


def node(number: int) -> EngineId:
    return on_local_node(f"node.{number}")


def state_of(graph: Graph, size: int, told: frozenset[int] = frozenset()) -> GlobalState:
    """Nodes that know each other, and a hub that some of them have written to."""
    knows = [
        frozenset(node(other) for one, other in graph if one == number) for number in range(size)
    ]
    nodes = tuple(
        Engine(identity_of(node(number)), "node", None, Environment(knows[number]))
        for number in range(size)
    )
    mail = tuple(Message(node(number), HUB, DEFAULT_MAILBOX, "told") for number in sorted(told))
    hub = Engine(identity_of(HUB), "hub", None, Environment(0))
    return initial_state(Unordered, (hub, *nodes), mail)


class Blind(Painter):
    """All points have one colour until they are singled out."""

    def colours(self, rows: Rows, columns: Iterable[Column]) -> Colours:
        return np.zeros_like(super().colours(rows, columns))

    def refined(self, rows: Rows, columns: Iterable[Column], before: Colours) -> Colours:
        assert super().refined(rows, columns, before).shape == before.shape
        return before


class Settling:
    """Finds representatives of states of so many nodes."""

    def __init__(self, size: int, painter: type[Painter] = Painter) -> None:
        state = state_of(frozenset(), size)
        alike = Interchangeable(tuple((node(number),) for number in range(size)))
        self.group = Group((alike,))
        self.actors = Actors(World(System(pmap()), state, ()))
        self.actors.start(state)
        painted = painter(self.actors, self.group)
        self.canonical = Canonical(Images(self.actors, self.group), painted)

    def settled(self, states: list[GlobalState]) -> Settled:
        rows = [self.actors.start(each) for each in states]
        return self.canonical.states(np.array(rows, dtype=np.int32))


def graphs(size: int) -> list[Graph]:
    """All graphs of so many nodes in which each that is known knows the other one as well."""
    pairs = list(combinations(range(size), 2))
    return [
        frozenset(edge for one, other in chosen for edge in ((one, other), (other, one)))
        for number in range(len(pairs) + 1)
        for chosen in combinations(pairs, number)
    ]


def renamed(graph: Graph, order: Arrangement) -> Graph:
    return frozenset((order[one], order[other]) for one, other in graph)


def automorphisms(graph: Graph, size: int) -> int:
    return sum(renamed(graph, order) == graph for order in permutations(range(size)))


@pytest.mark.parametrize(("size", "different"), [(2, 2), (3, 4), (4, 11), (5, 34)])
def test_there_are_as_many_representatives_as_graphs_that_differ_in_shape(
    size: int, different: int
) -> None:
    found = Settling(size).settled([state_of(each, size) for each in graphs(size)])
    assert len(np.unique(found.rows, axis=0)) == different


@pytest.mark.parametrize("size", [3, 4, 5])
def test_the_ways_that_leave_a_state_what_it_is_are_counted(size: int) -> None:
    every = graphs(size)
    found = Settling(size).settled([state_of(each, size) for each in every])
    assert found.stabilisers.tolist() == [automorphisms(each, size) for each in every]


@pytest.mark.parametrize("size", [3, 4])
def test_who_sees_no_difference_is_exact_all_the_same(size: int) -> None:
    every = graphs(size)
    seeing = Settling(size).settled([state_of(each, size) for each in every])
    blind = Settling(size, Blind).settled([state_of(each, size) for each in every])
    assert blind.stabilisers.tolist() == [automorphisms(each, size) for each in every]
    pairs = [np.unique(each.rows, axis=0, return_inverse=True)[1] for each in (seeing, blind)]
    assert len(set(zip(*(each.tolist() for each in pairs), strict=True))) == len(set(pairs[0]))


RING = frozenset((one, (one + 1) % 6) for one in range(6))
TRIANGLES = frozenset(
    (one, other) for part in ((0, 1, 2), (3, 4, 5)) for one, other in permutations(part, 2)
)
HEXAGON = RING | {(other, one) for one, other in RING}
PRISM = TRIANGLES | {edge for one in range(3) for edge in ((one, one + 3), (one + 3, one))}
BIPARTITE = frozenset(
    edge for one in range(3) for other in range(3, 6) for edge in ((one, other), (other, one))
)


def circle(*nodes: int) -> Graph:
    pairs = zip(nodes, (*nodes[1:], nodes[0]), strict=True)
    return frozenset(edge for one, other in pairs for edge in ((one, other), (other, one)))


@pytest.mark.parametrize(
    ("graph", "size", "number"),
    [
        (circle(0, 1, 2) | circle(3, 4, 5, 6), 7, 6 * 8),
        (circle(0, 1, 2) | circle(3, 4, 5, 6, 7), 8, 6 * 10),
        (circle(0, 1, 2, 3) | circle(4, 5, 6, 7), 8, 2 * 8 * 8),
    ],
)
def test_what_only_singling_out_tells_apart_is_counted(
    graph: Graph, size: int, number: int
) -> None:
    random = Random(3)  # noqa: S311  # which orders are tried is no secret
    orders = [tuple(random.sample(range(size), size)) for _ in range(5)]
    found = Settling(size).settled([state_of(renamed(graph, order), size) for order in orders])
    assert len(np.unique(found.rows, axis=0)) == 1
    assert set(found.stabilisers.tolist()) == {number}


@pytest.mark.parametrize("graph", [RING, TRIANGLES, HEXAGON, PRISM, BIPARTITE])
def test_graphs_in_which_all_nodes_look_alike_are_settled_exactly(graph: Graph) -> None:
    settling, random = Settling(6), Random(1)  # noqa: S311  # which orders are tried is no secret
    orders = [tuple(random.sample(range(6), 6)) for _ in range(20)]
    found = settling.settled([state_of(renamed(graph, order), 6) for order in orders])
    assert len(np.unique(found.rows, axis=0)) == 1
    assert set(found.stabilisers.tolist()) == {automorphisms(graph, 6)}


def test_graphs_that_no_counting_tells_apart_have_different_representatives() -> None:
    regular = [TRIANGLES, HEXAGON, PRISM, BIPARTITE]
    found = Settling(6).settled([state_of(each, 6) for each in regular])
    assert len(np.unique(found.rows, axis=0)) == len(regular)


def test_the_arrangement_leads_from_a_state_to_its_representative() -> None:
    settling, random = Settling(5), Random(2)  # noqa: S311  # which graphs are tried is no secret
    edges = list(permutations(range(5), 2))
    states = [
        state_of(frozenset(random.sample(edges, 7)), 5, frozenset(random.sample(range(5), 2)))
        for _ in range(50)
    ]
    found = settling.settled(states)
    for place, state in enumerate(states):
        renaming = settling.group.renaming(tuple(found.arrangements[place].tolist()))
        assert settling.actors.decode(tuple(found.rows[place].tolist())) == renaming(state)


def test_what_others_have_in_their_mailboxes_counts() -> None:
    settling = Settling(3)
    chain = frozenset({(0, 1)})
    different = [state_of(chain, 3, frozenset({number})) for number in range(3)]
    assert len(np.unique(settling.settled(different).rows, axis=0)) == 3
    same = [state_of(frozenset(), 3, frozenset({number})) for number in range(3)]
    assert len(np.unique(settling.settled(same).rows, axis=0)) == 1
