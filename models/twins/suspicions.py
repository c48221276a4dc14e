"""What is suspected and has not been shown: by no run, or only to be harmless."""

from models.twins.twin import Defect, Suspicion, TwinKind
from spec.formalism.rule import RuleId, Source, Text


def suspected(name: str, defect: Defect, rule: str, reason: str, passage: str) -> Suspicion:
    """A suspicion about the published text."""
    cited = Source(Text.NSPEC, passage)
    return Suspicion(name, TwinKind.PUBLISHED, defect, RuleId(rule), reason, cited)


SUSPICIONS: tuple[Suspicion, ...] = (
    suspected(
        "mark-told-only-to-shards-known-so-far",
        Defect.MARKS,
        "worker.raise-mark",
        "Harmless: whoever has to answer a read at the mark has had a lock up to it, and is known.",
        "mempool_worker_behaviour: getAllShards",
    ),
    suspected(
        "mark-looked-at-on-acknowledgements-only",
        Defect.MARKS,
        "worker.raise-mark",
        "Harmless: a request that raises the mark has no keys, so that nobody waits for it.",
        "mempool_worker_behaviour: lockAcquiredAction",
    ),
    suspected(
        "later-summary-overwrites",
        Defect.DUPLICATES,
        "worker.keep-summary",
        "Harmless alone: a repeated summary is the same; it needs executors that end twice.",
        "mempool_worker_behaviour: executorFinishedAction, Map.insert",
    ),
    suspected(
        "spawn-replaces-an-engine",
        Defect.NAMING,
        "engine.identity",
        "The searches refuse a spawn under a used id before a step could show it; "
        "`executors-share-a-name` shows what leads to it.",
        "simulator: addNewEngine",
    ),
    suspected(
        "message-to-nobody-vanishes",
        Defect.FORMALISM,
        "engine.unhandled",
        "In the closed worlds here every message but those of `executor-id-without-node` has a target.",
        "simulator: step, target engine not found",
    ),
    suspected(
        "acknowledgement-names-no-request",
        Defect.NAMING,
        "client.take-answer",
        "Not expressible in the reference's types: its acknowledgement names the request.",
        "mempool_worker_messages: TransactionAck",
    ),
    suspected(
        "eager-read-may-be-released",
        Defect.LAZY,
        "shard.resolve-lazy-read",
        "No engine of the text releases an eager read, so that no run shows it.",
        "shard_behaviour: processReadRequestAction, actual",
    ),
    suspected(
        "read-not-marked-by-its-version",
        Defect.LABELS,
        "shard.answer-read",
        "No rule reads the version; only a checker of histories misses it.",
        "shard_messages: KVSReadMsg",
    ),
    suspected(
        "nock-increment-and-equality-cost-the-same-for-all-sizes",
        Defect.GAS,
        "executor.start-transaction",
        "Time that gas does not bound shows in no property.",
        "nockma: getGasCost",
    ),
    suspected(
        "shard-drops-values-of-earlier-anchors",
        Defect.COLLECTION,
        "shard.collect",
        "The text's code collects nothing, and its anchors are not used.",
        "shard: we can delete old anchors",
    ),
    suspected(
        "resubmission-not-looked-at",
        Defect.DUPLICATES,
        "worker.ignore-repeat",
        "The field exists and is not used; clients here never submit again.",
        "mempool_worker_messages: resubmission",
    ),
    Suspicion(
        "repeat-left-with-a-running-executor",
        TwinKind.SLIP,
        Defect.DUPLICATES,
        RuleId("executor.ignore-repeat"),
        "Harmless: what a running executor does not take waits until it has finished and absorbs it.",
    ),
    Suspicion(
        "repeat-left-with-a-running-task",
        TwinKind.SLIP,
        Defect.DUPLICATES,
        RuleId("task.ignore-repeat"),
        "Harmless: an epoch store that a running task does not take waits until it has finished.",
    ),
)
"""All suspicions, those about the published text first."""
