"""Serializability of a history: no phenomenon that PL-3 proscribes (Adya, 1999).

- G1a, aborted read: a committed transaction read what an aborted one wrote, or what nobody wrote.
- G1b, intermediate read: it read a value that its writer replaced later.
- G1c and G2: the direct serialization graph has a cycle.
"""

from properties.dependency_graph import cycle
from properties.history import INITIAL, History, Read, Status, TransactionId
from properties.property import Evidence
from properties.verdict import Holds, Inconclusive, Verdict, Violated


def serializability(history: History) -> Verdict:
    """Whether the committed transactions of a history could have run one at a time.

    Inconclusive if they could, as far as is known, but some transaction is still running.
    """
    evidence = unwritten_read(history) or cyclic(history)
    if evidence is not None:
        return Violated(evidence)
    running = [
        f"T{each}"
        for each in sorted(history.transactions)
        if history.transactions[each].status is Status.RUNNING
    ]
    return Inconclusive(f"still running: {', '.join(running)}") if running else Holds()


def unwritten_read(history: History) -> Evidence | None:
    """The first committed read of something that no committed transaction left behind, if any."""
    for reader in sorted(history.transactions):
        transaction = history.transactions[reader]
        for read in sorted(transaction.reads, key=lambda each: (each.item, each.version)):
            fault = _fault_of(history, read) if transaction.status is Status.COMMITTED else None
            if fault is not None:
                return Evidence(f"T{reader} read version {read.version} of {read.item}, {fault}")
    return None


def cyclic(history: History) -> Evidence | None:
    """A cycle of the direct serialization graph, edge by edge, if there is one."""
    edges = cycle(history)
    if edges is None:
        return None
    path = " -> ".join(f"T{each}" for each in (edges[0].source, *(edge.target for edge in edges)))
    return Evidence(f"dependencies form a cycle: {path}", tuple(str(edge) for edge in edges))


def _fault_of(history: History, read: Read) -> str | None:
    """What is wrong with reading this version of the item; nothing while its writer is running."""
    writer = history.transactions.get(read.version)
    if read.version == INITIAL or (writer and writer.status is Status.RUNNING):
        return None
    if writer is None or read.item not in writer.writes:
        return "which nobody wrote (G1a)"
    if writer.status is Status.ABORTED:
        return f"but T{read.version} has failed (G1a)"
    return _intermediate(read.version, writer.writes[read.item], read)


def _intermediate(writer: TransactionId, final: int, read: Read) -> str | None:
    if read.value is None or read.value == final:
        return None
    return f"the value {read.value}, but T{writer} left {final} in it (G1b)"
