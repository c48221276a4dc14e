"""The shard engine: multi-version storage of some keys, with a timeline of locks for each."""
