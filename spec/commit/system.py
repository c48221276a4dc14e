"""Two-phase commit as a closed system: one transaction manager, and its resource managers."""

from pyrsistent import pmap

from spec.commit.behaviour import TRANSACTION_MANAGER, TRANSACTION_MANAGERS
from spec.commit.configuration import (
    ResourceManagerConfiguration,
    TransactionManagerConfiguration,
)
from spec.commit.environment import at_work, undecided
from spec.commit.participants import RESOURCE_MANAGER, RESOURCE_MANAGERS
from spec.formalism.delivery import AnyDiscipline, SetDelivery
from spec.formalism.engine import Engine
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.state import NO_FAULTS, Faults, GlobalState, initial_state
from spec.formalism.system import System

MANAGER = on_local_node("tm")
"""The id of the transaction manager."""


def commit_system(discipline: AnyDiscipline = SetDelivery, faults: Faults = NO_FAULTS) -> System:
    """The system of two-phase commit; in the literature, messages stay."""
    families: dict[str, EngineFamily] = {
        family.name: family for family in (TRANSACTION_MANAGERS, RESOURCE_MANAGERS)
    }
    return System(pmap(families), discipline, faults)


def commit_state(system: System, resource_managers: int) -> GlobalState:
    """The state in which everybody works and nobody has said anything."""
    names = tuple(resource_manager_id(number) for number in range(1, resource_managers + 1))
    engines = (transaction_manager(names), *(resource_manager(name) for name in names))
    return initial_state(system.discipline, engines, faults=system.faults)


def resource_manager_id(number: int) -> EngineId:
    """The id of a resource manager, counted from 1."""
    return on_local_node(f"rm.{number}")


def transaction_manager(resource_managers: tuple[EngineId, ...]) -> Engine:
    """The manager of a transaction in which these take part."""
    configuration = TransactionManagerConfiguration(frozenset(resource_managers))
    return Engine(identity_of(MANAGER), TRANSACTION_MANAGER, configuration, undecided())


def resource_manager(name: EngineId) -> Engine:
    """One that takes part in the transaction."""
    configuration = ResourceManagerConfiguration(MANAGER)
    return Engine(identity_of(name), RESOURCE_MANAGER, configuration, at_work())
