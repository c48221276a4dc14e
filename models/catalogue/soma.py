"""What the models of Soma share: their usual parameters, certificates out of text, and worlds."""

from attrs import frozen
from pyrsistent import pmap

from models.catalogue.common import DELIVERY, DUPLICATES, Options, discipline_of
from models.model import Parameter, World
from models.scenario.language import compile_program
from models.soma_worlds import SomaSetting, soma_world
from properties.property import Property
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.object import FIRST, ObjectId, ObjectKey, Objects, Version
from spec.soma.system import Circumstances, Enqueues


def limit(default: int) -> Parameter:
    """The parameter that sets `max_concurrent_executions`."""
    return Parameter("limit", "how many tasks may run at a time", default, least=1, most=8)


def certificates(default: int, most: int) -> Parameter:
    """The parameter that sets the number of certificates."""
    return Parameter("certificates", "how many certificates", default, least=1, most=most)


def crashes(most: int) -> Parameter:
    """The parameter that sets the budget of crashes."""
    return Parameter("crashes", "how many tasks may crash", 1, least=1, most=most)


def soma_parameters(of_limit: int) -> tuple[Parameter, ...]:
    """The parameters that every model has: limit, delivery, duplicates."""
    return (limit(of_limit), DELIVERY, DUPLICATES)


def certificate(
    digest: str, inputs: str, outputs: str, program: str = "", epoch: int = 0
) -> Certificate:
    """A certificate with inputs such as "x1 y2" and outputs such as "x z"."""
    return Certificate(
        TransactionDigest(digest),
        EpochId(epoch),
        frozenset(key(each) for each in inputs.split()),
        frozenset(ObjectId(each) for each in outputs.split()),
        compile_program(program, digest),
    )


def key(text: str) -> ObjectKey:
    """The version that a text such as "x12" names."""
    name = text.rstrip("0123456789")
    return ObjectKey(ObjectId(name), Version(int(text[len(name) :])))


def increment(name: str) -> str:
    """The program that adds 1 to an object."""
    return f'write("{name}", read("{name}") + 1)'


def objects(names: str) -> Objects:
    """These objects in their first version; the first holds 10, the second 20, and so on."""
    return pmap(
        {
            ObjectKey(ObjectId(name), FIRST): KVSDatum(10 * at)
            for at, name in enumerate(names.split(), start=1)
        }
    )


@frozen
class Plan:
    """What comes from outside in a model."""

    objects: Objects
    """The versions that there are at the start."""
    sources: tuple[tuple[Certificate, ...], ...]
    """The certificates that each source sends to the manager."""
    synced: tuple[Certificate, ...] = ()
    """The certificates that state sync has executed."""
    epochs: tuple[int, ...] = ()
    """The epochs that are to begin, at any time."""
    closes: bool = False
    """Whether the channel is closed, at any time."""
    crashes: int = 0
    """How many tasks may crash."""
    missing: frozenset[ObjectKey] = frozenset()
    """The versions that certificates name and that there never will be."""


def world(plan: Plan, options: Options, claims: tuple[Property, ...]) -> World:
    """The world of a plan, judged on all that holds of Soma, and on what some run shows."""
    enqueues = tuple(
        Enqueues(on_local_node(f"source.{number}"), mine)
        for number, mine in enumerate(plan.sources, start=1)
    )
    given = Circumstances(
        plan.objects,
        enqueues,
        options["limit"],
        plan.synced,
        tuple(EpochId(each) for each in plan.epochs),
        plan.closes,
        plan.crashes,
    )
    faults = Faults(duplicates=options["duplicates"])
    return soma_world(SomaSetting(given, plan.missing, discipline_of(options), faults), claims)
