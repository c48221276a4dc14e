"""Where states stand: in the layer of their depth, apart from each other, with few crossings."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.draw.graph_layout import GAP, Size, crossings, nearest, spots_of
from models.draw.graphs import graph_of
from models.traces.subject import named


def plain_crossings(first: list[int], second: list[int], links: list[tuple[int, int]]) -> int:
    """How many pairs of links cross, pair by pair."""
    ends = [
        (first.index(source), second.index(target))
        for source, target in links
        if source in first and target in second
    ]
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0 for one, other in combinations(ends, 2)
    )


@given(
    st.permutations(range(4)),
    st.permutations(range(4, 8)),
    st.sets(st.tuples(st.integers(0, 4), st.integers(3, 8))),
)
def test_crossings_are_counted_as_pair_by_pair(
    first: list[int], second: list[int], links: set[tuple[int, int]]
) -> None:
    assert crossings(first, second, sorted(links)) == plain_crossings(first, second, sorted(links))


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 20)), min_size=1, max_size=5))
def test_places_are_apart_and_the_nearest_to_those_wanted(pairs: list[tuple[int, int]]) -> None:
    wanted, distances = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = nearest(wanted, distances)
    for (one, other), distance in zip(pairwise(found), distances[1:], strict=True):
        assert other - one >= distance - 1e-6

    def cost(places: list[float]) -> float:
        return sum((place - want) ** 2 for place, want in zip(places, wanted, strict=True))

    for moved in range(len(found)):
        for end in range(moved, len(found)):
            for by in (-0.1, 0.1):
                shifted = [
                    place + by if moved <= at <= end else place for at, place in enumerate(found)
                ]
                apart = all(
                    second - first >= distance
                    for (first, second), distance in zip(
                        pairwise(shifted), distances[1:], strict=True
                    )
                )
                assert not apart or cost(shifted) >= cost(found) - 1e-6


def test_states_stand_in_layers_without_touching() -> None:
    graph = graph_of("c", named("two-phase-commit", {"resource_managers": 2}).world)
    depths = [node.depth for node in graph.nodes]
    links = [(arrow.source, arrow.target) for arrow in graph.arrows]
    sizes = [Size(50.0 + node.number, 20.0 + node.number) for node in graph.nodes]
    spots = spots_of(depths, sizes, links, between=30)
    layers = [
        [state for state, depth in enumerate(depths) if depth == layer]
        for layer in range(max(depths) + 1)
    ]
    for layer, after in pairwise(layers):
        assert len({spots[state].along for state in layer}) == 1
        ends = max(spots[state].along + sizes[state].along for state in layer)
        assert min(spots[state].along for state in after) == ends + 30
    ordered = [sorted(layer, key=lambda state: spots[state].across) for layer in layers]
    for layer in ordered:
        for one, other in pairwise(layer):
            assert spots[other].across >= spots[one].across + sizes[one].across + GAP - 1e-6
    assert min(spot.across for spot in spots) == 0
    met = sum(crossings(one, other, links) for one, other in pairwise(layers))
    now = sum(crossings(one, other, links) for one, other in pairwise(ordered))
    assert now < met / 2


def test_one_state_stands_at_the_corner() -> None:
    (spot,) = spots_of([0], [Size(10, 20)], [(0, 0)], between=5)
    assert (spot.along, spot.across) == (0, 0)


def test_arrows_back_and_within_a_layer_move_nothing() -> None:
    sizes = [Size(10, 10)] * 4
    forward = [(0, 1), (0, 2), (1, 3)]
    assert spots_of([0, 1, 1, 2], sizes, [*forward, (3, 0), (1, 2), (2, 2)], 5) == spots_of(
        [0, 1, 1, 2], sizes, forward, 5
    )
