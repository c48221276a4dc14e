"""DOT, the language of Graphviz; and a run in it, as the graph of what leads to what.

Choices:
- An engine is a cluster, a step a node. Thick lines lead from step to step of one engine, arrows from a step to those
  that take what it has sent, dashed ones to the first step of what it has created.
- Texts are escaped once, here: quotes, backslashes, and ampersands, which would begin an entity.
"""

import re
from collections.abc import Iterable, Mapping

from models.draw.run import Run
from models.render import one_line, render
from models.traces.causes import Lane, Link, Tie, links
from models.traces.trace import TraceStep, actor
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose

WIDTH = 36
"""How many characters stand in a line of a label."""

HEIGHT = 6
"""How many lines of a label one text takes at most."""

PART = re.compile(r"[^ (,={\[]+[ (,={\[]*|[ (,={\[]+")
"""What stays together in a line, if it can: a word, with the signs behind it."""

BROKEN = "#b3261e"
"""The colour of what is broken."""

EDGES: dict[Tie, dict[str, str]] = {
    Tie.LANE: {"style": "bold", "color": "#9aa0a6", "arrowhead": "none", "weight": "9"},
    Tie.MESSAGE: {"color": "#1a5fb4"},
    Tie.SPAWN: {"style": "dashed", "color": "#26734d"},
    Tie.MAILBOX: {"style": "dotted", "color": "#77767b"},
}
"""How links are drawn."""

NODE = {"shape": "box", "style": "rounded,filled", "fillcolor": "white", "fontsize": "10"}
"""How nodes are drawn."""


def dot(run: Run) -> str:
    """The causal graph of a run."""
    lanes: dict[Lane, list[TraceStep]] = {}
    for step, record in zip(run.steps, run.records, strict=True):
        lanes.setdefault(actor(record.event), []).append(step)
    broken = {shown.step for shown in run.shown if shown.breaks}
    parts: list[str] = []
    for number, lane in enumerate(sorted(lanes, key=_place)):
        nodes = (_node(run, step, broken) for step in lanes[lane])
        name = "the network" if lane is None else str(lane)
        parts += [f"subgraph cluster_{number} {{", _settings({"label": label(name)}), *nodes, "}"]
    found = links(run.world.system.discipline, run.world.state, run.records)
    return graph(title(run), [*parts, *(_edge(link) for link in found)])


def graph(heading: str, parts: Iterable[str], **attributes: str) -> str:
    """A directed graph with this heading."""
    general = {
        "label": heading,
        "labelloc": "t",
        "labeljust": "l",
        "fontname": "sans-serif",
        "fontsize": "12",
        "color": "#c8ccd1",
        "style": "rounded",
        **attributes,
    }
    lines = (
        _settings(general),
        f"node{_list(NODE | {'fontname': 'sans-serif'})}",
        f"edge{_list({'fontname': 'sans-serif', 'fontsize': '9', 'arrowsize': '0.7'})}",
        *parts,
    )
    return "digraph {\n" + "".join(f"{line}\n" for line in lines) + "}\n"


def node(name: str, attributes: Mapping[str, str]) -> str:
    """A node."""
    return f"{name}{_list(attributes)}"


def edge(source: str, target: str, attributes: Mapping[str, str]) -> str:
    """An edge."""
    return f"{source} -> {target}{_list(attributes)}"


def label(*texts: str) -> str:
    """A label of these texts, each on lines of its own, escaped for DOT."""
    lines = (line for text in texts for line in wrapped(text, WIDTH, HEIGHT))
    return "\\n".join(escaped(line) for line in lines)


def escaped(text: str) -> str:
    """A text in one line, as it stands between the quotes of DOT."""
    plain = one_line(text).replace("\\", "\\\\").replace("&", "&amp;")
    return plain.replace('"', '\\"')


def wrapped(text: str, width: int, most: int) -> list[str]:
    """The lines of a text, broken where a part of it ends; of one that is too long, the first ones."""
    lines = [""]
    for part in PART.findall(one_line(text)):
        while len(lines[-1]) + len(part.rstrip()) > width:
            room = width if not lines[-1] else 0
            lines[-1:] = [lines[-1] or part[:room], ""]
            part = part[room:]  # noqa: PLW2901  # what is left of it
        lines[-1] += part
    kept = [line.rstrip() for line in lines]
    return kept if len(kept) <= most else [*kept[: most - 1], f"{kept[most - 1][: width - 1]}…"]


def title(run: Run) -> str:
    """The heading of a run: what was run, what it breaks, and what else there is to say."""
    shown = (f"{_word(each.breaks)}: {each.name}: {each.finding}" for each in run.shown)
    texts = (f"{run.name}: what leads to what", *shown, *run.notes)
    return "\\l".join(escaped(line) for each in texts for line in wrapped(each, 90, 3)) + "\\l"


def told(event: Event) -> str:
    """What happens to whom it happens to."""
    match event:
        case Deliver(message):
            return f"{render(message.body)} from {message.sender}"
        case Elapse(_, timer):
            return f"timer {timer.handle} elapses at {timer.due}"
        case Duplicate(message):
            return f"duplicates {render(message)}"
        case Lose(message):
            return f"loses {render(message)}"


def _place(lane: Lane) -> tuple[bool, str]:
    """The network stands last."""
    return lane is None, str(lane)


def _word(breaks: bool) -> str:  # noqa: FBT001  # one of two words
    return "broken" if breaks else "seen"


def _node(run: Run, step: TraceStep, broken: set[int]) -> str:
    record = run.records[step.number - 1]
    lines = [f"{step.number}. {told(record.event)}"]
    lines += [f"by {', '.join(step.rules)}"] if step.rules else []
    lines += [f"refused: {step.refusal}"] if step.refusal else []
    lines += [
        f"broken: {each.name}" for each in run.shown if each.breaks and each.step == step.number
    ]
    attributes = {"label": label(*lines), "tooltip": escaped("; ".join(map(str, step.changes)))}
    if step.number in broken:
        attributes |= {"color": BROKEN, "fontcolor": BROKEN, "penwidth": "2"}
    return node(str(step.number), attributes)


def _edge(link: Link) -> str:
    about = {} if link.message is None else {"tooltip": escaped(render(link.message))}
    return edge(str(link.source), str(link.target), EDGES[link.tie] | about)


def _settings(attributes: Mapping[str, str]) -> str:
    return "\n".join(f'{name}="{value}"' for name, value in attributes.items())


def _list(attributes: Mapping[str, str]) -> str:
    return " [" + ", ".join(f'{name}="{value}"' for name, value in attributes.items()) + "]"
