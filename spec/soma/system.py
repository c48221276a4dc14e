"""Soma's engines put together: the families, and closed networks of them."""

from attrs import frozen
from pyrsistent import PMap, pmap, pset

from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import NO_FAULTS, Faults, GlobalState, initial_state
from spec.formalism.system import System
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.messages import Reconfigure, TryExecute
from spec.soma.certificate import Certificate
from spec.soma.channel import Place, task_id
from spec.soma.driver.behaviour import DRIVER
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import Driving
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.manager.behaviour import MANAGER
from spec.soma.manager.configuration import ManagerConfiguration
from spec.soma.manager.environment import ManagerState
from spec.soma.manager.messages import Close, Enqueue
from spec.soma.object import Objects
from spec.soma.participants import (
    CALLER,
    NEMESIS,
    SOURCE,
    CallerState,
    NemesisConfiguration,
    SourceState,
    threatening,
)
from spec.soma.task.behaviour import TASK

FAMILIES: PMap[str, EngineFamily] = pmap(
    {
        str(family.name): family
        for family in (MANAGER, DRIVER, TASK, AUTHORITY, SOURCE, CALLER, NEMESIS)
    }
)
"""Soma's engine families, by name."""

MANAGER_ID = on_local_node("manager")
"""The transaction manager."""

DRIVER_ID = on_local_node("driver")
"""The execution driver."""

AUTHORITY_ID = on_local_node("authority")
"""AuthorityState."""

NEMESIS_ID = on_local_node("nemesis")
"""What breaks tasks."""

CALLER_ID = on_local_node("state-sync")
"""Who has certificates executed beside the driver."""

CONSENSUS_ID = on_local_node("consensus")
"""Who says that an epoch is to begin; no engine."""

OPERATOR_ID = on_local_node("operator")
"""Who says that the channel is to be closed; no engine."""


@frozen
class Enqueues:
    """The certificates that one source sends to the manager, in its order."""

    source: EngineId
    """The source."""
    certificates: tuple[Certificate, ...]
    """What it sends, all at once."""


@frozen
class Circumstances:
    """All that may happen in a run of Soma's engines."""

    objects: Objects
    """The versions that there are at the start."""
    enqueues: tuple[Enqueues, ...]
    """The certificates that are sent to the manager."""
    max_concurrent_executions: int
    """How many tasks may run at a time, 1 or more."""
    synced: tuple[Certificate, ...] = ()
    """The certificates that state sync has executed, with the epoch store of their own epoch."""
    epochs: tuple[EpochId, ...] = ()
    """The epochs that consensus says are to begin, at any time."""
    closes: bool = False
    """Whether the channel is closed, at any time."""
    crashes: int = 0
    """How many tasks may crash."""


def soma_system(discipline: AnyDiscipline = Unordered, faults: Faults = NO_FAULTS) -> System:
    """The system of Soma's engines."""
    return System(FAMILIES, discipline, faults)


def soma_state(system: System, given: Circumstances) -> GlobalState:
    """The state in which everything that comes from outside is on its way."""
    bystanders = (
        *(_engine(each.source, SOURCE, None, SourceState()) for each in given.enqueues),
        *((_engine(CALLER_ID, CALLER, None, CallerState()),) if given.synced else ()),
        *((_nemesis(given),) if given.crashes else ()),
    )
    return initial_state(
        system.discipline, (*_core(given), *bystanders), _in_flight(given), system.faults
    )


def _core(given: Circumstances) -> tuple[Engine, ...]:
    """Manager, driver and AuthorityState before the first step."""
    limit = given.max_concurrent_executions
    manager = ManagerState(FIRST_EPOCH, pset(given.objects))
    authority = AuthorityState(FIRST_EPOCH, given.objects)
    return (
        _engine(MANAGER_ID, MANAGER, ManagerConfiguration(DRIVER_ID), manager),
        _engine(DRIVER_ID, DRIVER, DriverConfiguration(limit, AUTHORITY_ID), Driving()),
        _engine(AUTHORITY_ID, AUTHORITY, AuthorityConfiguration(MANAGER_ID), authority),
    )


def _nemesis(given: Circumstances) -> Engine:
    """What may break the task of every certificate that may come through the channel."""
    places = range(1, sum(len(each.certificates) for each in given.enqueues) + 1)
    tasks = tuple(task_id(DRIVER_ID, Place(place)) for place in places)
    return Engine(
        identity_of(NEMESIS_ID),
        NEMESIS.name,
        NemesisConfiguration(tasks),
        threatening(tasks, given.crashes),
    )


def _in_flight(given: Circumstances) -> tuple[Message[object], ...]:
    """All that comes from outside."""
    enqueues = (
        (each.source, MANAGER_ID, Enqueue(certificate))
        for each in given.enqueues
        for certificate in each.certificates
    )
    synced = (
        (CALLER_ID, AUTHORITY_ID, TryExecute(each, each.commit, each.epoch))
        for each in given.synced
    )
    epochs = ((CONSENSUS_ID, AUTHORITY_ID, Reconfigure(each)) for each in given.epochs)
    closes = ((OPERATOR_ID, MANAGER_ID, Close()),) if given.closes else ()
    return tuple(
        Message(sender, target, DEFAULT_MAILBOX, body)
        for sender, target, body in (*enqueues, *synced, *epochs, *closes)
    )


def _engine(name: EngineId, family: EngineFamily, configuration: object, local: object) -> Engine:
    return Engine(identity_of(name), family.name, configuration, Environment(local))
