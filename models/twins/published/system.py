"""The published engines put together: the worlds of the reference, with the text's engines in them."""

from attrs import evolve
from pyrsistent import pmap

from models.model import World
from models.twins import laws
from models.twins.published.executor import executor_family
from models.twins.published.repairs import NOTHING
from models.twins.published.shard import PublishedShardState, shard_family
from models.twins.published.worker import PublishedWorkerState, worker_family
from spec.anoma.shard.environment import ShardState
from spec.anoma.worker.environment import WorkerState
from spec.formalism.engine import Engine
from spec.formalism.system import System

UNFIT = frozenset(
    {
        laws.TIMESTAMP_ORDER,
        laws.LATEST_WRITE,
        laws.SUMMARY_TRUE,
        laws.SUMMARY_TOLD,
        laws.LATER,
        laws.TWO_AT_ONCE,
        laws.READ_WAITS_FOR_WRITE,
        laws.OVERTAKES,
        laws.SERIALIZABLE,
    }
)
"""Properties that know transactions by messages or states that the text does not have: they are not judged."""


def published_world(world: World, repaired: frozenset[str] = NOTHING) -> World:
    """The same world with the engines of the published text, but for what is repaired."""
    engines = {name: published_engine(each) for name, each in world.state.engines.items()}
    return evolve(
        world,
        system=published_system(world.system, repaired),
        state=evolve(world.state, engines=pmap(engines)),
        properties=tuple(each for each in world.properties if each.name not in UNFIT),
    )


def published_system(system: System, repaired: frozenset[str] = NOTHING) -> System:
    """The same system with the families of the published text, but for what is repaired."""
    families = system.families
    for family in (worker_family(repaired), shard_family(repaired), executor_family(repaired)):
        families = families.set(family.name, family)
    return evolve(system, families=families)


def published_engine(engine: Engine) -> Engine:
    """The same engine with the state that the published text gives to it at the start."""
    environment = engine.environment
    match environment.local:
        case WorkerState():
            return evolve(engine, environment=environment.with_local(PublishedWorkerState()))
        case ShardState() as shard:
            local = PublishedShardState(shard.timelines)
            return evolve(engine, environment=environment.with_local(local))
        case _:
            return engine
