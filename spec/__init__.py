"""The semantics: pure functions over immutable values, and nothing else."""

VERSION = "0.1.0"
"""The version of the specification, and of everything that is distributed with it."""
