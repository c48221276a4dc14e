"""State graphs in DOT, for Graphviz and whatever else reads it."""

from collections.abc import Iterator

from models.draw.dot import BROKEN, edge, escaped, graph, label, node
from models.draw.graphs import Arrow, Label, Node, StateGraph

RESTING = {"peripheries": "2", "color": "#1a5fb4", "fillcolor": "#eef4fb"}
"""How states at rest are drawn."""

BREAKING = {"color": BROKEN, "fontcolor": BROKEN, "penwidth": "2"}
"""How what breaks a property is drawn."""


def graph_dot(states: StateGraph) -> str:
    """A state graph in DOT."""
    parts = (*map(_state, states.nodes), *(_arrow(states, arrow) for arrow in states.arrows))
    return graph(f"{escaped(states.heading)}\\l", parts, ranksep="0.8")


def _state(state: Node) -> str:
    tip = "; ".join((*state.lines, *(f"breaks: {name}" for name in state.broken)))
    attributes = {
        "label": label(
            f"{state.number}{' at rest' if state.rests else ''}",
            *state.lines,
            *(f"breaks: {name}" for name in state.broken),
        ),
        "tooltip": escaped(tip),
    }
    attributes |= {"penwidth": "2"} if state.number == 0 else {}
    attributes |= RESTING if state.rests else {}
    return node(str(state.number), attributes | (BREAKING if state.broken else {}))


def _arrow(states: StateGraph, arrow: Arrow) -> str:
    labels = [states.labels[number - 1] for number in arrow.labels]
    texts = (text for each in labels for text in _told(each))
    first = states.nodes[arrow.target].parent == arrow.source
    attributes = {
        "label": label(*texts, *(f"breaks: {name}" for name in arrow.broken)),
        "tooltip": escaped("; ".join(map(str, labels))),
        **({"style": "bold"} if first else {"color": "#9aa0a6"}),
    }
    return edge(
        str(arrow.source), str(arrow.target), attributes | (BREAKING if arrow.broken else {})
    )


def _told(about: Label) -> Iterator[str]:
    yield about.event
    yield f"by {', '.join(about.rules) or 'no rule'}"
