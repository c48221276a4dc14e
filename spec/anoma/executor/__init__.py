"""The executor engine: it runs one transaction's program against the shards."""
