"""What of the published text may be put right: defects of the catalogue, by the names of their twins.

They are those that keep a transaction with one eager read from coming to its end, and a few beside them.
"""

NAME = "executors-share-a-name"
"""Executors get names of their own."""
ID = "executor-id-without-node"
"""Shards are told the id under which the executor is."""
LOOK_UP = "summary-looked-up-without-node"
"""The worker knows executors by the ids under which they are."""
ABOVE = "read-strictly-below-mark"
"""A read at the mark of writes is answered."""
BELOW = "read-below-read-mark-refused"
"""A read below the mark of reads is answered."""
GENESIS = "no-value-before-the-first-write"
"""A key has a value before it is first written."""
ISSUER = "end-told-to-issuer-only"
"""The worker is told too that the transaction is over."""
SUMMARY = "summary-of-the-last-step-but-one"
"""The summary lists what the last step read and wrote too."""
OVERWRITTEN = "mark-overwritten"
"""A mark never falls."""
END = "executor-goes-on-after-its-end"
"""An executor whose program is over has finished."""

REPAIRS = frozenset({NAME, ID, LOOK_UP, ABOVE, BELOW, GENESIS, ISSUER, SUMMARY, OVERWRITTEN, END})
"""All of them."""

NOTHING = frozenset[str]()
"""To the letter."""

SILENCING = frozenset({ID, ABOVE, GENESIS})
"""Those that keep every executor of the text from ever hearing a value.

Until all three are repaired no transaction ends in any order; then one does, in some.
"""

UNHEARD = frozenset(
    {
        "executor.start-transaction",
        "executor.take-read",
        "executor.request-lazy-reads",
        "executor.finish-transaction",
        "shard.resolve-write",
        "shard.resolve-lazy-read",
        "worker.keep-summary",
    }
)
"""The rules for which the text's counterparts are never asked as long as executors hear nothing."""
