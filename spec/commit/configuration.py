"""What the managers of a transaction are told at birth, and what never changes afterwards."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class TransactionManagerConfiguration:
    """The manager of one transaction."""

    resource_managers: frozenset[EngineId]
    """Who takes part in the transaction."""


@frozen
class ResourceManagerConfiguration:
    """One that takes part in a transaction."""

    transaction_manager: EngineId
    """Whom it tells that it has prepared."""
