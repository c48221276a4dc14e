"""What Anoma's engines send: nothing twice at once."""

from collections import Counter

from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.anoma.worker.behaviour import IgnoreRepeat


def sent_twice(reacted: Reacted) -> Evidence | None:
    """A message that is sent more than once in the step, if there is one."""
    times = Counter(reacted.record.sent)
    again = [message for message in reacted.record.sent if times[message] > 1]
    if not again:
        return None
    first = again[0]
    body = type(first.body).__name__
    return Evidence(f"{first.sender} sends {body} to {first.target} {times[first]} times")


NOTHING_TWICE = ReactionProperty(
    "no step sends the same message twice", IgnoreRepeat.id, Kind.ALWAYS, sent_twice
)
"""Repeats come from the network alone."""
