"""What the engines of a commitment say to each other."""

from attrs import frozen


@frozen
class Prepared:
    """From a resource manager to the transaction manager: it can commit, and leaves it to that."""


@frozen
class Commit:
    """From the transaction manager to a resource manager: the transaction is committed."""


@frozen
class Abort:
    """From the transaction manager to a resource manager: the transaction is aborted."""
