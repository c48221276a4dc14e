"""A cycle of dependencies that is the evidence of a finding, as a graph.

Evidence is text. A line of it is taken for an edge only if the edge, written as evidence is, gives that very line: so
no name, whatever it is, can pass for something else.
"""

import re
from collections.abc import Iterator

from models.draw.run import Shown
from properties.dependency_graph import Dependency, DependencyKind
from properties.history import Item, TransactionId

HEAD = re.compile(r"T(\d+) -(ww|wr|rw)\((.*)", re.DOTALL)
"""What stands before the end of the item of an edge."""

TAIL = re.compile(r"(\d+): T\d+ (?:wrote|read) version (\d+) of ")
"""What stands after it."""

END = ")-> T"
"""The end of the item; there may be the same in its name."""


def cycle_in(shown: Shown) -> tuple[Dependency, ...]:
    """The cycle of dependencies that a finding shows, edge by edge; empty if it shows none."""
    edges = tuple(edge for line in shown.details for edge in edge_in(line))
    starts = [edge.source for edge in edges]
    goals = [edge.target for edge in edges]
    closed = bool(edges) and goals == [*starts[1:], starts[0]]
    return edges if closed else ()


def edge_in(line: str) -> Iterator[Dependency]:
    """The edge that a line of evidence is, if it is one."""
    parts = line.split(END)
    read = (_read(END.join(parts[:at]), END.join(parts[at:])) for at in range(1, len(parts)))
    yield from [edge for edge in read if edge is not None and str(edge) == line][:1]


def _read(before: str, after: str) -> Dependency | None:
    """The edge of a line that is split at the end of its item, if it can be read so."""
    head, tail = HEAD.fullmatch(before), TAIL.match(after)
    if head is None or tail is None:
        return None
    return Dependency(
        TransactionId(int(head[1])),
        DependencyKind(head[2]),
        Item(head[3]),
        TransactionId(int(tail[1])),
        TransactionId(int(tail[2])),
    )
