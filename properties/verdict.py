"""Verdicts: three-valued, each with its evidence."""

from attrs import frozen

from properties.property import Evidence


@frozen
class Holds:
    """Everything that was asked for was looked at, and nothing speaks against it."""


@frozen
class Violated:
    """Something speaks against it."""

    evidence: Evidence
    """What."""


@frozen
class Inconclusive:
    """Nothing that was looked at speaks against it, but not everything was looked at."""

    reason: str
    """What is missing: the bound that stopped a search, a transaction that is still running."""


Verdict = Holds | Violated | Inconclusive
"""What is known of a statement."""
