"""What a trace is of: from what a user names to what a file keeps, and from that to a world."""

from collections.abc import Mapping
from pathlib import Path, PurePath

from attrs import frozen
from pyrsistent import PMap, pmap

from models.catalogue import model_named
from models.errors import InputError
from models.model import Model, Value, World
from models.parameters import value_of
from models.scenario.build import world_in
from models.scenario.document import MAX_BYTES, parse_document, read_bytes
from models.scenario.errors import ScenarioError
from models.target import model_in, target
from models.traces.document import Network, OfFile, OfModel, OfScenario, OfTwin, Subject
from models.twins.catalogue import twin_named
from models.twins.twin import world_of as twin_world
from spec.formalism.delivery import DISCIPLINES
from spec.formalism.system import System


@frozen
class Named:
    """Something that can be run, with what a trace keeps of it."""

    subject: Subject
    """What a trace keeps of it."""
    world: World
    """What is run."""


class SubjectError(Exception):
    """What a trace is of is not to be had."""


def named(name: str, parameters: Mapping[str, Value] | None = None) -> Named:
    """What a user names: a built-in model, a scenario file, `file.py:NAME`, or a twin.

    Raises:
        InputError: the name means nothing.
        SubjectError: the world cannot be built.
    """
    subject = subject_of(name, parameters or {})
    if isinstance(subject, OfFile):  # a user may name any file, other than a trace
        model = model_in(subject.path, subject.name)
        return Named(subject, built(model, subject.parameters))
    return Named(subject, world_of(subject))


def subject_of(name: str, parameters: Mapping[str, Value]) -> Subject:
    """What a trace keeps of what a user names; the text of a scenario is read for it.

    Raises:
        InputError: the name means nothing.
    """
    file, colon, attribute = name.rpartition(":")
    twin = twin_named(name)
    if twin is not None:
        return OfTwin(twin.name)
    if colon and file.endswith(".py"):
        return OfFile(file, attribute, full(model_in(file, attribute), parameters))
    model = model_named(name)
    if model is not None:
        return OfModel(model.name, full(model, parameters))
    target(name)  # which refuses what is no scenario either
    return OfScenario(name, read_bytes(name).decode())


def world_of(subject: Subject, network: Network | None = None) -> World:
    """The world that a trace is of.

    Raises:
        SubjectError: there is none any more.
    """
    match subject:
        case OfModel(name, parameters):
            model = model_named(name)
            if model is None:
                raise SubjectError(f"there is no built-in model {name!r}")
            return built(model, parameters)
        case OfScenario(name, text):
            return _scenario(name, text)
        case OfFile(path, name, parameters):
            return built(_own(path, name), parameters)
        case OfTwin(name):
            return _twin(name, network)


def built(model: Model, parameters: PMap[str, Value]) -> World:
    """The world of a model with these parameters; new ones have their default values.

    Raises:
        SubjectError: the model has not such parameters.
    """
    known = {each.name: each for each in model.parameters}
    for name in sorted(parameters):
        if name not in known:
            raise SubjectError(f"the model {model.name} has no parameter {name!r}")
        try:
            same = value_of(known[name], str(parameters[name])) == parameters[name]
        except InputError as error:
            raise SubjectError(f"of the model {model.name}, {error}") from None
        if not same:
            raise SubjectError(f"the model {model.name}: {name} is {parameters[name]!r}")
    try:
        return model.build(full(model, parameters))
    except Exception as error:
        raise SubjectError(f"the model {model.name} raised {error!r}") from error


def full(model: Model, parameters: Mapping[str, Value]) -> PMap[str, Value]:
    """All parameters of a model, if these are not to have their default values."""
    defaults: dict[str, Value] = {each.name: each.default for each in model.parameters}
    return pmap(defaults | dict(parameters))


def network_of(system: System) -> Network:
    """What the network of a system may do."""
    return Network(system.discipline.name, system.faults.duplicates, system.faults.losses)


def _scenario(name: str, text: str) -> World:
    if len(text) > MAX_BYTES:
        raise SubjectError(f"its scenario has more than {MAX_BYTES} characters")
    try:
        return world_in(parse_document(text.encode(), name))
    except (ScenarioError, UnicodeError) as error:
        raise SubjectError(f"its scenario is refused: {error}") from None


def _own(path: str, name: str) -> Model:
    """A model in a Python file below the current folder: a trace makes nothing else run."""
    place = PurePath(path)
    inside = (Path.cwd() / place).resolve().is_relative_to(Path.cwd().resolve())
    if place.is_absolute() or not inside or place.suffix != ".py":
        raise SubjectError(f"it is of {path}:{name}, which does not lie below the current folder")
    try:
        return model_in(path, name)
    except InputError as error:
        raise SubjectError(f"it is of {path}:{name}, which cannot be had: {error}") from None


def _twin(name: str, network: Network | None) -> World:
    twin = twin_named(name)
    if twin is None:
        raise SubjectError(f"there is no twin {name!r}")
    if network is None:
        return twin_world(twin)
    disciplines = {each.name: each for each in DISCIPLINES}
    if network.discipline not in disciplines:
        raise SubjectError(f"there is no discipline {network.discipline!r}")
    return twin_world(twin, disciplines[network.discipline])
