"""Pinning: a trace as a test of its own, which needs nothing but Treadle.

Choices:
- The test runs the command in a process of its own, so that it works in any project, whatever that calls its packages.
- The trace stands in the test: one file can neither lose nor mistake the other.
- Where the trace shows something broken, the test fails until that run breaks it no more; or, if asked for, passes
  as long as the run goes as recorded and breaks the same.
"""

import re
from string import Template

from models.traces.codec import written
from models.traces.document import OfFile, OfModel, OfScenario, OfTwin, Subject, Trace
from properties.property import Kind

TEST = Template(
    '''$title

import treadle

TRACE = r"""
$trace"""


def test_$name() -> None:
    report = treadle.replay(TRACE.lstrip())
    assert $claim
'''
)
"""What a test looks like; in JSON, three quotes never stand together."""

LONGEST = 60
"""How many characters of a property are in the name of its test."""


def pinned(trace: Trace, *, as_recorded: bool = False) -> str:
    """The text of a test that replays a trace.

    Args:
        trace: the trace.
        as_recorded: whether the test is to pass as long as the run breaks what it was recorded to break.
    """
    verdict = trace.verdict
    fixed = verdict is not None and verdict.kind is not Kind.SOMETIMES and not as_recorded
    return TEST.substitute(
        title=_title(trace),
        trace=written(trace),
        name=_name(trace),
        claim='report["broken"] == []' if fixed else 'report["as_recorded"]',
    )


def subject_text(subject: Subject) -> str:
    """What a trace is of, in a few words."""
    match subject:
        case OfModel(name, _) | OfScenario(name, _):
            return name
        case OfFile(path, name, _):
            return f"{path}:{name}"
        case OfTwin(name):
            return f"the twin {name}"


def _title(trace: Trace) -> str:
    """The docstring of the test, in one line that a formatter leaves as it is."""
    number = len(trace.steps)
    steps = "1 step" if number == 1 else f"{number} steps"
    text = f"A run of {subject_text(trace.subject)} in {steps}."
    plain = "".join(each if each.isascii() and each.isprintable() else "?" for each in text)
    plain = plain.replace("\\", "/").replace('"', "'")
    return f'"""{plain}"""'


def _name(trace: Trace) -> str:
    about = "run" if trace.verdict is None else trace.verdict.property
    words = re.sub(r"[^a-z0-9]+", "_", about.lower()).strip("_")
    return words[:LONGEST].strip("_") or "run"
