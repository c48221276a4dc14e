"""What clients send: one request after each answer, in their order."""

from properties.monitor import sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.anoma.client.behaviour import TakeAnswer
from spec.anoma.client.environment import ClientState
from spec.anoma.worker.messages import TransactionRequest


def missent_request(reacted: Reacted) -> Evidence | None:
    """A client that sends another request than its next one after a new answer, or keeps it, if any."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, ClientState):
        return None
    requests = tuple(message.body for message in sent(reacted.record, TransactionRequest))
    answered = len(after.answers) > len(before.answers)
    due = before.unsent[:1] if answered else ()
    if requests == due and after.unsent == before.unsent[len(due) :]:
        return None
    name = reacted.before.identity.external
    found = f"sends {len(requests)} requests and keeps {len(after.unsent)}"
    return Evidence(f"{name} had {len(before.unsent)} requests to send, {found}")


SENDS_ONE_BY_ONE = ReactionProperty(
    "a client sends its next request after each answer", TakeAnswer.id, Kind.ALWAYS, missent_request
)
"""One request for one new answer; none gets lost on the way."""
