"""What the page of a run knows beside its picture: the steps, the messages, and the states of engines on the way.

Lines of states are told once and named by number after that: what an engine keeps is mostly what it kept before.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from models.draw.lanes import Act, Arrow, Diagram, Lane
from models.draw.layout import Layout
from models.draw.run import Run
from models.draw.text import natural, plain
from models.render import fields_of, render
from models.traces.parts import leaves
from models.traces.trace import actor
from spec.formalism.delivery import Mail
from spec.formalism.engine import Engine
from spec.formalism.state import messages

ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&'\u2028\u2029"})
"""What could end a script, or begin something else, in a page: JSON can say it otherwise."""


def page_data(run: Run, diagram: Diagram, layout: Layout, folded: Iterator[int]) -> str:
    """The data of a page, as JSON that may stand in a page.

    Args:
        run: the run.
        diagram: what its picture shows.
        layout: where everything stands while nothing is folded.
        folded: the steps that are folded at first.
    """
    lines = _Lines()
    data: dict[str, Any] = {
        "lanes": [_lane(each) for each in diagram.lanes],
        "steps": [_step(run, each) for each in diagram.acts],
        "messages": [_message(each) for each in diagram.arrows],
        "shown": [each.step for each in diagram.shown],
        "states": [_history(run, lane.name, lines) for lane in diagram.lanes],
        "mail": list(_mail(run, lines)),
        "lines": lines.told,
        "rows": [[each.top, each.height] for each in layout.rows],
        "xs": [layout.xs.get(place) for place in range(len(diagram.lanes))],
        "width": layout.width,
        "folded": list(folded),
    }
    return json.dumps(data, separators=(",", ":")).translate(ESCAPES)


class _Lines:
    """Lines that are told once."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, line: str) -> int:
        """The number of a line."""
        if line not in self._numbers:
            self._numbers[line] = len(self.told)
            self.told.append(line)
        return self._numbers[line]


def _lane(lane: Lane) -> dict[str, Any]:
    return {
        "name": lane.name,
        "family": lane.family,
        "birth": lane.birth,
        "spawner": lane.spawner,
        "end": lane.end,
    }


def _message(arrow: Arrow) -> dict[str, Any]:
    return {
        "from": arrow.source,
        "to": arrow.target,
        "text": arrow.text,
        "sent": arrow.sent,
        "taken": arrow.taken,
    }


def _step(run: Run, act: Act) -> dict[str, Any]:
    shown = run.steps[act.step - 1]
    return {
        "lane": act.lane,
        "text": act.text,
        "rules": list(map(plain, shown.rules)),
        "refused": None if shown.refusal is None else plain(shown.refusal),
        "changes": [[plain(each.path), plain(each.text)] for each in shown.changes],
        "created": list(map(plain, shown.spawned)),
        "keys": sorted(act.topics.keys, key=natural),
        "transactions": sorted(act.topics.transactions, key=natural),
    }


def _history(run: Run, name: str, lines: _Lines) -> list[Any]:
    """The states of an engine: from which step on it is in each, and what that is, line by line."""
    names = {plain(str(each)): each for each in run.states[-1].engines}
    if name not in names:  # the network, or one that is written to and is never there
        return []
    engine, found = names[name], list[Any]()
    start = run.states[0].engines.get(engine)
    if start is not None:
        found.append([0, [lines.number(each) for each in _told(start)]])
    for step, record in enumerate(run.records, start=1):
        if engine == actor(record.event) or engine in record.spawned:
            state = run.states[step].engines[engine]
            found.append([step, [lines.number(each) for each in _told(state)]])
    return found


def _mail(run: Run, lines: _Lines) -> Iterator[list[list[int]]]:
    """What each step removes from the messages in mailboxes, and what it adds; first what is there at the start."""
    known: dict[Mail, int] = {}
    before = Counter[int]()
    for state in run.states:
        now = Counter[int]()
        for message in messages(run.world.system.discipline, state):
            if message not in known:
                known[message] = lines.number(plain(render(message)))
            now[known[message]] += 1
        yield [sorted((before - now).elements()), sorted((now - before).elements())]
        before = now


def _told(engine: Engine) -> Iterator[str]:
    """The state of an engine, line by line."""
    environment = engine.environment
    local = environment.local
    yield from map(plain, leaves("", local) if fields_of(local) else (type(local).__name__,))
    for field in fields_of(environment):
        value = getattr(environment, field.name)
        if field.name != "local" and value != field.default:
            yield from map(plain, leaves(field.name, value))
