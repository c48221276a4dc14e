"""The direct serialization graph: which transaction must come before which, and why (Adya, 1999).

Nodes are the committed transactions. Its edges:

- wr, a read dependency: the target read what the source wrote;
- ww, a write dependency: the target wrote the version after the source's;
- rw, an anti-dependency: the target wrote the version after the one that the source read.

A history is serializable only if the graph has no cycle (PL-3 proscribes them, G1c and G2).
"""

from enum import Enum
from itertools import pairwise
from typing import Any

import networkx as nx
from attrs import frozen

from properties.history import INITIAL, History, Item, Status, TransactionId

_graphs: Any = nx
"""NetworkX without its stubs, which leave most types unknown."""


class DependencyKind(Enum):
    """Why one transaction comes before another."""

    WR = "wr"
    """The later one read what the earlier one wrote."""
    WW = "ww"
    """The later one wrote the next version."""
    RW = "rw"
    """The later one wrote the version after the one that the earlier one read."""


@frozen
class Dependency:
    """An edge: its source comes before its target in every serial order."""

    source: TransactionId
    """Who comes first."""
    kind: DependencyKind
    """Why."""
    item: Item
    """On account of which item."""
    target: TransactionId
    """Who comes later."""
    version: TransactionId
    """The version of the item that the source wrote or read."""

    def __str__(self) -> str:
        edge = f"T{self.source} -{self.kind.value}({self.item})-> T{self.target}"
        return f"{edge}: {self._reason()}"

    def _reason(self) -> str:
        source, target = f"T{self.source}", f"T{self.target}"
        version = f"version {self.version} of {self.item}"
        if self.kind is DependencyKind.WR:
            return f"{source} wrote {version}, {target} read it"
        did = "wrote" if self.kind is DependencyKind.WW else "read"
        return f"{source} {did} {version}, {target} wrote the next one"


def dependencies(history: History) -> tuple[Dependency, ...]:
    """All edges of the direct serialization graph, in one fixed order."""
    found = {*_on_reads(history), *_on_writes(history)}
    return tuple(sorted(found, key=_place))


def cycle(history: History) -> tuple[Dependency, ...] | None:
    """A shortest cycle of the graph, edge by edge from its least transaction; nothing if none."""
    edges = {(edge.source, edge.target): edge for edge in reversed(dependencies(history))}
    graph = _graphs.DiGraph()
    graph.add_edges_from(sorted(edges))
    components: list[list[TransactionId]] = sorted(
        sorted(each) for each in _graphs.strongly_connected_components(graph)
    )
    cycles = [
        _back_to(graph, start)
        for component in components
        if len(component) > 1
        for start in component
    ]
    if not cycles:
        return None
    shortest = min(cycles, key=lambda path: (len(path), path))
    return tuple(edges[pair] for pair in pairwise(shortest))


def installed(history: History, item: Item) -> tuple[TransactionId, ...]:
    """The versions of an item that count, in their order, after the initial one."""
    writers = (
        transaction
        for transaction in history.transactions
        if item in history.transactions[transaction].writes and _committed(history, transaction)
    )
    return tuple(sorted(writers, key=lambda each: (history.place(item, each), each)))


def _back_to(graph: Any, start: TransactionId) -> list[TransactionId]:
    """A shortest path from a node of a strong component to itself."""
    paths: list[list[TransactionId]] = [
        _graphs.shortest_path(graph, following, start)
        for following in sorted(graph[start])
        if _graphs.has_path(graph, following, start)
    ]
    return [start, *min(paths, key=lambda path: (len(path), path))]


def _on_reads(history: History) -> set[Dependency]:
    edges: set[Dependency] = set()
    for reader, transaction in history.transactions.items():
        for read in transaction.reads if _committed(history, reader) else ():
            versions = installed(history, read.item)
            if read.version in versions:
                edges.add(
                    Dependency(read.version, DependencyKind.WR, read.item, reader, read.version)
                )
            if read.version in versions or read.version == INITIAL:
                after = history.place(read.item, read.version)
                later = (each for each in versions if history.place(read.item, each) > after)
                edges |= {
                    Dependency(reader, DependencyKind.RW, read.item, version, read.version)
                    for version in tuple(later)[:1]
                }
    return {edge for edge in edges if edge.source != edge.target}


def _on_writes(history: History) -> set[Dependency]:
    items = {item for each in history.transactions.values() for item in each.writes}
    return {
        Dependency(earlier, DependencyKind.WW, item, later, earlier)
        for item in items
        for earlier, later in pairwise(installed(history, item))
    }


def _committed(history: History, transaction: TransactionId) -> bool:
    return history.transactions[transaction].status is Status.COMMITTED


def _place(edge: Dependency) -> tuple[int, int, str, str, int]:
    return (edge.source, edge.target, edge.kind.value, edge.item, edge.version)
