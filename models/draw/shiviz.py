"""A run as a log with vector clocks, as ShiViz reads it.

The first line is the regular expression that takes the log apart, the second one, which would part several runs, is
empty. A step takes three lines: what happened, the rules that took effect, and who did it when.
"""

import json
from collections.abc import Iterable

from models.draw.run import Run
from models.render import one_line, render_event
from models.traces.causes import Lane, clocks, links
from models.traces.itf.variables import free_name
from models.traces.trace import actor

PARSER = r"(?<step>\d+)\. (?<event>.*)\nby (?<rules>.*)\n(?<host>\S+) (?<clock>\{.*\})"
"""How the log is taken apart."""

NETWORK = "network"
"""The host to which faults happen."""

UNUSABLE = frozenset({"__proto__", "hasOwnProperty"})
"""What no key of a clock may be called: in JavaScript, it would be something else."""


def shiviz(run: Run) -> str:
    """The log of a run."""
    lanes = [actor(record.event) for record in run.records]
    hosts = hosts_of(lanes)
    found = links(run.world.system.discipline, run.world.state, run.records)
    lines = [PARSER, ""]
    for step, clock in zip(run.steps, clocks(run.records, found), strict=True):
        record = run.records[step.number - 1]
        times = {hosts[lane]: clock[lane] for lane in sorted(clock, key=hosts.__getitem__)}
        lines += [
            f"{step.number}. {one_line(render_event(record.event))}",
            f"by {', '.join(record.fired) or 'no rule'}",
            f"{hosts[lanes[step.number - 1]]} {json.dumps(times)}",
        ]
    return "\n".join(lines) + "\n"


def hosts_of(lanes: Iterable[Lane]) -> dict[Lane, str]:
    """What lanes are called: words without blanks, each a different one."""
    taken = set(UNUSABLE)
    hosts: dict[Lane, str] = {}
    engines = sorted({lane for lane in lanes if lane is not None})
    for lane in (None, *engines):
        name = NETWORK if lane is None else one_line(str(lane)).replace(" ", "_") or "nameless"
        hosts[lane] = free_name(name, taken)
        taken.add(hosts[lane])
    return hosts
