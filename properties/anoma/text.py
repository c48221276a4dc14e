"""How evidence speaks of summaries and stores."""

from pyrsistent import PMap

from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey


def summary_text(summary: ExecutionSummary) -> str:
    """A summary in one line: "read x = 0 (version 0), wrote x = 1"."""
    read = (
        f"read {key} = {seen.datum} (version {seen.version})"
        for key, seen in sorted(summary.values_read.items())
    )
    wrote = (f"wrote {key} = {datum}" for key, datum in sorted(summary.values_written.items()))
    failed = () if summary.failure is None else (f"failed: {summary.failure}",)
    return ", ".join((*read, *wrote, *failed)) or "did nothing"


def store_text(store: PMap[KVSKey, KVSDatum]) -> str:
    """A store in one line: "x = 0, y = 1"."""
    return ", ".join(f"{key} = {store[key]}" for key in sorted(store)) or "empty"
