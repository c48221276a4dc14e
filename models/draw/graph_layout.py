"""Where the states of a graph stand in a picture: in layers, as far from the start as they are.

Choices:
- A state stands in the layer of its depth. So every arrow leads to the next layer, stays in its layer, or goes back.
- Within a layer, states stand where those that they are linked to stand in the layers beside it, which is tried from
  both ends again and again; the order with the fewest crossings is kept.
- Then they are moved to the mean of those, as near as others leave room (isotonic regression).
- All of it is worked out along two axes: along the layers one after the other, and across, within a layer.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

SWEEPS = 12
"""How often the layers are gone through."""

GAP = 16.0
"""The room between two states of one layer."""


@frozen
class Size:
    """How large something is."""

    along: float
    """Its extent in the direction in which layers follow each other."""
    across: float
    """Its extent within its layer."""


@frozen
class Spot:
    """Where something stands: its near corner."""

    along: float
    """How far on in the direction in which layers follow each other."""
    across: float
    """How far on within its layer."""


Link = tuple[int, int]
"""An arrow: the number of the state before, and of the state after."""


def spots_of(
    depths: Sequence[int], sizes: Sequence[Size], links: Sequence[Link], between: float
) -> tuple[Spot, ...]:
    """Where each state stands.

    Args:
        depths: the layer of each state.
        sizes: its size.
        links: the arrows.
        between: the room between two layers.
    """
    neighbours = _neighbours(depths, links)
    layers = _ordered(_layers(depths), neighbours, depths)
    centres = _centres(layers, sizes, neighbours)
    near = min(centre - sizes[state].across / 2 for state, centre in centres.items())
    places: dict[int, Spot] = {}
    along = 0.0
    for layer in layers:
        for state in layer:
            places[state] = Spot(along, centres[state] - sizes[state].across / 2 - near)
        along += max(sizes[state].along for state in layer) + between
    return tuple(places[state] for state in range(len(depths)))


def crossings(first: Sequence[int], second: Sequence[int], links: Sequence[Link]) -> int:
    """How many pairs of links from one layer to the next cross."""
    places = [{state: place for place, state in enumerate(layer)} for layer in (first, second)]
    ends = sorted(
        (places[0][source], places[1][target])
        for source, target in links
        if source in places[0] and target in places[1]
    )
    found, seen = 0, list[int]()
    for _, target in ends:
        found += len(seen) - bisect_right(seen, target)
        insort(seen, target)
    return found


def nearest(wanted: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The places nearest to those wanted that are in order and as far apart as they must be.

    Args:
        wanted: where each thing would best be.
        distances: how far it must be from the one before; of the first, anything.
    """
    offsets = [0.0]
    for distance in distances[1:]:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, few), (other, more) = pools[-2:]
            pools[-2:] = [((one * few + other * more) / (few + more), few + more)]
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _layers(depths: Sequence[int]) -> list[list[int]]:
    layers: list[list[int]] = [[] for _ in range(max(depths) + 1)]
    for state, depth in enumerate(depths):
        layers[depth].append(state)
    return layers


def _neighbours(depths: Sequence[int], links: Sequence[Link]) -> list[tuple[list[int], list[int]]]:
    """Of each state, those of the layer before and of the layer after that it is linked to."""
    found: list[tuple[list[int], list[int]]] = [([], []) for _ in depths]
    for source, target in links:
        if depths[target] == depths[source] + 1:
            found[source][1].append(target)
            found[target][0].append(source)
    return found


def _ordered(
    layers: list[list[int]], neighbours: list[tuple[list[int], list[int]]], depths: Sequence[int]
) -> list[list[int]]:
    """The layers, each in the order that was best."""
    links = [(state, other) for state in range(len(depths)) for other in neighbours[state][1]]
    best, fewest = layers, _all_crossings(layers, links)
    for sweep in range(SWEEPS):
        back = sweep % 2
        layers = _swept(layers, neighbours, back)
        found = _all_crossings(layers, links)
        if found < fewest:
            best, fewest = layers, found
    return best


def _swept(
    layers: list[list[int]], neighbours: list[tuple[list[int], list[int]]], back: int
) -> list[list[int]]:
    """The layers, each ordered by the mean place of those that it is linked to in the one before."""
    places: dict[int, float] = {}
    swept: list[list[int]] = []
    for layer in layers[::-1] if back else layers:
        keys: dict[int, float] = {}
        for place, state in enumerate(layer):
            others = [places[other] for other in neighbours[state][back]]
            keys[state] = sum(others) / len(others) if others else place / len(layer)
        ordered = sorted(layer, key=keys.__getitem__)
        places |= {state: place / len(layer) for place, state in enumerate(ordered)}
        swept.append(ordered)
    return swept[::-1] if back else swept


def _all_crossings(layers: list[list[int]], links: list[Link]) -> int:
    return sum(crossings(first, second, links) for first, second in pairwise(layers))


def _centres(
    layers: list[list[int]],
    sizes: Sequence[Size],
    neighbours: list[tuple[list[int], list[int]]],
) -> dict[int, float]:
    """Where the centre of each state is within its layer."""
    centres: dict[int, float] = {}
    for layer in layers:
        wanted = [0.0] * len(layer)
        centres |= zip(layer, nearest(wanted, _distances(layer, sizes)), strict=True)
    for sweep in range(SWEEPS):
        for layer in layers[::-1] if sweep % 2 else layers:
            wanted = [_mean(state, neighbours, centres) for state in layer]
            centres |= zip(layer, nearest(wanted, _distances(layer, sizes)), strict=True)
    return centres


def _mean(
    state: int, neighbours: list[tuple[list[int], list[int]]], centres: dict[int, float]
) -> float:
    """The mean of where those are that a state is linked to."""
    others = [centres[other] for side in neighbours[state] for other in side]
    return sum(others) / len(others) if others else centres[state]


def _distances(layer: list[int], sizes: Sequence[Size]) -> list[float]:
    """How far the centre of each state is at least from the one before."""
    extents = [sizes[state].across for state in layer]
    return [0.0, *((one + other) / 2 + GAP for one, other in pairwise(extents))]
