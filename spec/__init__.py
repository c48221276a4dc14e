"""The semantics: pure functions over immutable values, and nothing else."""
