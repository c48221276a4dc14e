"""Properties without which every twin would still break another one, and why they are kept."""

FIRST = "It shows the cause; what else breaks is a consequence, steps later."
"""Of properties that fall before the others that fall with them."""

SECOND = "It judges by another way, so that a mistake in one judge does not hide a defect."
"""Of properties that repeat others on purpose."""

HAPPENS = "It guards against statements that hold only because nothing happens."
"""Of what must happen in some run."""

LAW = "It holds in every system, also where the other properties that fall with it are not judged."
"""Of the laws of engines."""

KEPT: dict[str, str] = {
    "a decision goes to each resource manager once": FIRST,
    "a failed transaction writes nothing": FIRST,
    "a finished engine is silent": LAW,
    "a lazy read is served": HAPPENS,
    "a read waits": HAPPENS,
    "a read waits for an earlier write": HAPPENS,
    "a request or write overtakes its lock": HAPPENS,
    "a resource manager that has prepared is told to abort": HAPPENS,
    "a run-off is held": HAPPENS,
    "a summary lists every input consumed and every effective write, nothing else": SECOND,
    "a tie leads to a run-off": FIRST,
    "a transaction fails": HAPPENS,
    "a vote comes too late": HAPPENS,
    "an election that has its result does not change": FIRST,
    "clocks never fall, and move only to the time of a timer that elapses": LAW,
    "conflict solvers keep their laws": LAW,
    "every election has a result": FIRST,
    "fingerprints are unique and dense": FIRST,
    "guards and actions are pure": LAW,
    "history is serializable": SECOND,
    "marks are sound": FIRST,
    "marks never fall": FIRST,
    "no resource manager aborts where another one commits": (
        "It is what two-phase commit is for; the others say how it gets there."
    ),
    "no step is refused": LAW,
    "no transaction finishes before those whose writes it waits for": SECOND,
    "only what all have prepared is committed": FIRST,
    "outcome independent of the schedule": SECOND,
    "reads and writes stay in the label": FIRST,
    "reads see the latest earlier write": FIRST,
    "sent messages carry the id of their sender": LAW,
    "the summary reaches worker and issuer once each and is the same": FIRST,
    "the transaction manager decides once": FIRST,
    "the transaction manager has decided": FIRST,
}
"""Why each of them is kept, by its name."""
