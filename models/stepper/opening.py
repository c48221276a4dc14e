"""From what a user names to a session: a model, a scenario file, a twin, a world, or a trace."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from attrs import frozen
from pyrsistent import PMap, pmap

from models.catalogue import model_named
from models.errors import InputError
from models.model import Model, Value, World
from models.parameters import parameters_of
from models.search.judge import JudgeError
from models.stepper.session import Session
from models.target import is_trace, target
from models.traces.document import Subject
from models.traces.errors import TraceError
from models.traces.replay import Replayed, opened, replay
from models.traces.subject import SubjectError, built, named
from models.twins.catalogue import twin_named
from spec.formalism.event import Event

S = TypeVar("S", bound=Session)


@frozen
class Opening:
    """What a session begins with."""

    world: World
    """What is stepped through."""
    name: str = ""
    """What its user calls it."""
    subject: Subject | None = None
    """What traces say that they are of; nothing where none can be saved."""
    events: tuple[Event, ...] = ()
    """The run that lies ahead."""
    notice: str = ""
    """What there is to say of it."""


def open_session(
    what: str | Path | Model | World,
    parameters: Mapping[str, Value] | None = None,
    seed: int = 0,
) -> Session:
    """A session at the start of a model; of a trace, at the start of its run, which lies ahead.

    Args:
        what: a model or world, or the name of one: a built-in model, a scenario file, `file.py:NAME`, a broken twin,
            or a trace file.
        parameters: parameters of the model that are not to have their default values.
        seed: the seed of random steps.

    Raises:
        InputError: there is nothing of that name, or it cannot be used.
    """
    return begun(Session, opening(what, parameters or {}), seed)


def begun(kind: type[S], what: Opening, seed: int) -> S:
    """A session of some kind at its beginning.

    Raises:
        InputError: a judge raises there, or on the way that lies ahead.
    """
    try:
        session = kind(what.world, what.name, what.subject, seed, what.events)
    except JudgeError as error:
        raise InputError(f"{what.name}: {error}") from error
    session.notice = what.notice
    return session


def opening(what: str | Path | Model | World, parameters: Mapping[str, Value]) -> Opening:
    """What a session begins with that a user names.

    Raises:
        InputError: there is nothing of that name, or it cannot be used.
    """
    try:
        match what:
            case World():
                return Opening(what)
            case Model() if model_named(what.name) is not what:
                return Opening(built(what, pmap(parameters)), what.name)
            case Model():
                return _of_name(what.name, parameters)
            case _:
                return _of_name(str(what), parameters)
    except (SubjectError, TraceError) as error:
        raise InputError(error) from error


def gone_through(replayed: Replayed, name: str, seed: int = 0) -> Session:
    """A session at the start of a run that was replayed; the run lies ahead, as far as it could be followed."""
    return begun(Session, _of_run(replayed, name), seed)


def given(name: str, settings: Sequence[str]) -> PMap[str, Value]:
    """The values that settings of the form NAME=VALUE give to the parameters of what a user names.

    Raises:
        InputError: a setting is malformed, or what is named has no such parameter.
    """
    if not settings:
        return pmap()
    if is_trace(name) or twin_named(name) is not None:
        raise InputError(f"{name}: its parameters are fixed; expected no -p")
    return parameters_of(settings, (target(name).model,))[0]


def _of_name(name: str, parameters: Mapping[str, Value]) -> Opening:
    if is_trace(name):
        return _of_run(replay(*opened(name)), name)
    found = named(name, parameters)
    return Opening(found.world, name, found.subject)


def _of_run(replayed: Replayed, name: str) -> Opening:
    trace, parted = replayed.trace, replayed.parted
    notice = "" if parted is None else f"the paths part at step {parted.step}: {parted.what}"
    return Opening(replayed.world, name, trace.subject, replayed.events, notice)
