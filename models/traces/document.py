"""Trace files: what one says of a run, so that it can be taken again years later.

Choices:
- An event is told by what it is, whom it concerns and what its message says, and by the digest of the whole.
  Reading builds no message out of a file: the event is looked for among those that can happen, by its digest. So
  a trace can name any message of any model, and no file makes a program of its own. Where a specification has
  changed so that no event has the digest any more, but one alone reads the same, that one is taken, and it is said.
- A step tells what `check` prints of it, so that the file can be read without the program, and so that a run that
  takes another course later can be compared with the one that was recorded. What decides is the digest of the state.
- Nothing but the seed tells who has found the run, and nothing tells when. Equal runs are equal files, whoever has
  found them.
"""

from attrs import frozen
from pyrsistent import PMap, pmap

from models.model import Value
from properties.property import Kind
from spec.formalism.canonical import Digest

FORMAT = "treadle-trace"
"""What every trace file begins with."""
VERSION = 1
"""The version of the format."""


@frozen
class OfModel:
    """A built-in model."""

    name: str
    """Its name."""
    parameters: PMap[str, Value] = pmap()
    """All its parameters."""


@frozen
class OfScenario:
    """A scenario."""

    name: str
    """The file in which it stood, as its user named it."""
    text: str
    """All that stood there."""


@frozen
class OfFile:
    """A model in somebody's Python file; the file itself is not in the trace."""

    path: str
    """The file, as its user named it."""
    name: str
    """The name of the model in it."""
    parameters: PMap[str, Value] = pmap()
    """All its parameters."""


@frozen
class OfTwin:
    """A broken twin of the specification."""

    name: str
    """Its name."""


Subject = OfModel | OfScenario | OfFile | OfTwin
"""What was run."""


@frozen
class Network:
    """What the network may do in the run."""

    discipline: str
    """How mailboxes deliver: the name of the discipline."""
    duplicates: int
    """How many messages may be delivered once more."""
    losses: int
    """How many messages may be lost."""


@frozen
class Delivery:
    """An engine takes a message from its mailbox."""

    sender: str
    """Who sent it."""
    target: str
    """Who takes it."""
    mailbox: int
    """From which of its mailboxes."""
    body: str
    """What it says, as it reads."""
    digest: Digest
    """The digest of the event."""


@frozen
class Duplication:
    """The network makes one more copy of a message."""

    sender: str
    """Who sent it."""
    target: str
    """Whom it is for."""
    mailbox: int
    """In which of that one's mailboxes it is."""
    body: str
    """What it says, as it reads."""
    digest: Digest
    """The digest of the event."""


@frozen
class Loss:
    """The network loses one copy of a message."""

    sender: str
    """Who sent it."""
    target: str
    """Whom it is for."""
    mailbox: int
    """In which of that one's mailboxes it was."""
    body: str
    """What it says, as it reads."""
    digest: Digest
    """The digest of the event."""


@frozen
class Elapsing:
    """A timer of an engine elapses."""

    engine: str
    """Whose timer it is."""
    timer: str
    """The name of the timer."""
    due: int
    """When it elapses, on the engine's own clock."""
    digest: Digest
    """The digest of the event."""


Happening = Delivery | Duplication | Loss | Elapsing
"""An event, as a file tells it."""


@frozen
class RecordedStep:
    """A step of the run."""

    event: Happening
    """What happened."""
    rules: tuple[str, ...]
    """The rules that took effect, in order."""
    refusal: str | None
    """Why nothing happened after all, if so."""
    changes: tuple[str, ...]
    """What changed in the engine, as it reads."""
    sent: tuple[str, ...]
    """The messages that it sent, as they read."""
    spawned: tuple[str, ...]
    """The engines that it created."""
    state: Digest
    """The digest of the global state after the step."""


@frozen
class RecordedVerdict:
    """What the run shows."""

    property: str
    """The name of the property."""
    rule: str
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    finding: str
    """What breaks it, or, of a `sometimes`, what has happened."""
    details: tuple[str, ...]
    """More lines of that."""


@frozen
class Trace:
    """A run, with all that is needed to take it again."""

    format: str
    """That it is one."""
    version: int
    """The version of the format."""
    treadle: str
    """The version of Treadle that has written it."""
    subject: Subject
    """What was run."""
    network: Network
    """What the network may do."""
    seed: int | None
    """The seed of the walks that have found the run, or a longer one; nothing where none has."""
    start: Digest
    """The digest of the global state at the start."""
    steps: tuple[RecordedStep, ...]
    """What happened."""
    verdict: RecordedVerdict | None
    """What the run shows; nothing where it was only recorded."""
