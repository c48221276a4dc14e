"""Properties without which every twin would still break another one, and why they are kept."""

from collections.abc import Iterable

from models.twins.audit import Redundancy

FIRST = "It shows the cause; what else breaks is a consequence, steps later."
"""Of properties that fall before the others that fall with them."""

SECOND = "It judges by another way, so that a mistake in one judge does not hide a defect."
"""Of properties that repeat others on purpose."""

NARROW = "It says what is wrong; what else breaks in the same step says only that something is."
"""Of properties that fall together with more general ones."""

HAPPENS = "It guards against statements that hold only because nothing happens."
"""Of what must happen in some run."""

LAW = "It holds in every system, also where the other properties that fall with it are not judged."
"""Of the laws of engines."""

KEPT: dict[str, str] = {
    "a certificate goes to the driver only in its epoch, with all its inputs available": FIRST,
    "a certificate is not executed: version-conflict": HAPPENS,
    "a certificate that is received gets a task at once": NARROW,
    "a decision goes to each resource manager once": FIRST,
    "a failed or crashed attempt leaves nothing, and affects no other one": FIRST,
    "a failed transaction writes nothing": FIRST,
    "a finished engine is silent": LAW,
    "a lazy read is served": HAPPENS,
    "a program fails": HAPPENS,
    "a read waits": HAPPENS,
    "a read waits for an earlier write": HAPPENS,
    "a request or write overtakes its lock": HAPPENS,
    "a resource manager that has prepared is told to abort": HAPPENS,
    "a run-off is held": HAPPENS,
    "a summary lists every input consumed and every effective write, nothing else": SECOND,
    "a task crashes: executing": HAPPENS,
    "a task reports what AuthorityState has answered": FIRST,
    "a tie leads to a run-off": FIRST,
    "a transaction fails": HAPPENS,
    "a transaction is executing once at a time": FIRST,
    "a vote comes too late": HAPPENS,
    "an election that has its result does not change": FIRST,
    "an execution begins only with all its inputs there": FIRST,
    "an execution that has begun is abandoned": HAPPENS,
    "certificates are received in channel order": FIRST,
    "clocks never fall, and move only to the time of a timer that elapses": LAW,
    "conflict solvers keep their laws": LAW,
    "dependencies of executions have no cycle": SECOND,
    "driver and AuthorityState hear of every crash, and of no other": FIRST,
    "every election has a result": FIRST,
    "every task has finished": NARROW,
    "everything received is executed or counted as an error": (
        "It is what S2 promises of the metrics; the others say how they keep to it."
    ),
    "fingerprints are unique and dense": FIRST,
    "guards and actions are pure": LAW,
    "history is serializable": SECOND,
    "marks are sound": FIRST,
    "marks never fall": FIRST,
    "metrics add up": SECOND,
    "no resource manager aborts where another one commits": (
        "It is what two-phase commit is for; the others say how it gets there."
    ),
    "no step is refused": LAW,
    "no task runs when the driver has stopped": SECOND,
    "no transaction finishes before those whose writes it waits for": SECOND,
    "nothing goes through the channel after its end": FIRST,
    "only what all have prepared is committed": FIRST,
    "outcome independent of the schedule": SECOND,
    "reads and writes stay in the label": FIRST,
    "reads see the latest earlier write": FIRST,
    "sent messages carry the id of their sender": LAW,
    "the driver stops": HAPPENS,
    "the driver stops only after the end of the channel and of every task": SECOND,
    "the summary reaches worker and issuer once each and is the same": FIRST,
    "the transaction manager decides once": FIRST,
    "the transaction manager has decided": FIRST,
    "versions of an object form a chain": SECOND,
    "what is executed stays so, and versions never change": FIRST,
    "what still waits misses an input, or is of a later epoch": NARROW,
    "what waits is of the current epoch, what is parked of a later one": FIRST,
}
"""Why each of them is kept, by its name."""

OF_TRANSACTIONS = "What the transactions of one model are to keep; it follows from serializability."
"""Of what authors expect of their own transactions."""

BEYOND: dict[str, str] = {
    "a certificate is not executed: missing-input": HAPPENS,
    "a certificate is not executed: wrong-epoch": HAPPENS,
    "a certificate is refused: closed": HAPPENS,
    "a certificate is refused: epoch-ended": HAPPENS,
    "a certificate is refused: executed": HAPPENS,
    "a certificate is refused: past-epoch": HAPPENS,
    "a certificate is refused: ready-after-close": HAPPENS,
    "a certificate waits in the channel because of the limit": HAPPENS,
    "a crashed task is joined": HAPPENS,
    "a request waits for a lock": HAPPENS,
    "all keys have seen one order": OF_TRANSACTIONS,
    "an execution has finished when its task crashes": HAPPENS,
    "money comes and goes as booked": OF_TRANSACTIONS,
    "no increment is lost": OF_TRANSACTIONS,
    "no modification is lost": OF_TRANSACTIONS,
    "one step readies several certificates": HAPPENS,
    "orders are numbered without gaps": OF_TRANSACTIONS,
    "orders have the lines they say": OF_TRANSACTIONS,
    "payments agree": OF_TRANSACTIONS,
    "savings are never overdrawn": OF_TRANSACTIONS,
    "something is executed beside the driver": HAPPENS,
    "stock stays between 10 and 100": OF_TRANSACTIONS,
    "the driver drains": HAPPENS,
    "the word of a crash overtakes a request": HAPPENS,
    "transactions become ready in the expected waves": (
        "It says how much the transactions of one model let run at once; no rule is about that."
    ),
    "transfers make no money and lose none": OF_TRANSACTIONS,
    "what is executed is asked for again": HAPPENS,
}
"""What only models are judged on, and no twin: why that is no gap, by the name of the property."""


def unexplained(worth: Iterable[Redundancy]) -> tuple[str, ...]:
    """The properties that are redundant and of which nobody says why they are kept, or the reverse.

    Asked of what the audit of all twins has found; of fewer, a property that no twin is named for
    may be needed by one that was left out.
    """
    return tuple(
        each.name for each in worth if each.named and (each.name in KEPT) == bool(each.alone)
    )
