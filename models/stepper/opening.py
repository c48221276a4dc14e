"""From what a user names to a session: a model, a scenario file, a twin, a world, or a trace."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pyrsistent import PMap, pmap

from models.catalogue import model_named
from models.command.errors import InputError
from models.command.parameters import parameters_of
from models.command.target import target
from models.model import Model, Value, World
from models.stepper.session import Session
from models.traces.errors import TraceError
from models.traces.replay import Replayed, opened, replay
from models.traces.subject import SubjectError, built, named
from models.twins.catalogue import twin_named

SUFFIX = ".json"
"""How the names of trace files end."""

STDIN = "-"
"""What a user writes for standard input."""


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
    try:
        match what:
            case World():
                return Session(what, seed=seed)
            case Model() if model_named(what.name) is not what:
                return Session(built(what, pmap(parameters or {})), what.name, seed=seed)
            case Model():
                return _of_name(what.name, parameters or {}, seed)
            case _:
                return _of_name(str(what), parameters or {}, seed)
    except (SubjectError, TraceError) as error:
        raise InputError(error) from error


def gone_through(replayed: Replayed, name: str, seed: int = 0) -> Session:
    """A session at the start of a run that was replayed; the run lies ahead, as far as it could be followed."""
    trace, parted = replayed.trace, replayed.parted
    session = Session(replayed.world, name, trace.subject, seed, replayed.events)
    if parted is not None:
        rules = f" ({', '.join(parted.rules)})" if parted.rules else ""
        session.notice = f"the paths part at step {parted.step}{rules}: {parted.what}"
    return session


def given(name: str, settings: Sequence[str]) -> PMap[str, Value]:
    """The values that settings of the form NAME=VALUE give to the parameters of what a user names.

    Raises:
        InputError: a setting is malformed, or what is named has no such parameter.
    """
    if not settings:
        return pmap()
    if _is_trace(name) or twin_named(name) is not None:
        raise InputError(f"{name}: its parameters are fixed; expected no -p")
    return parameters_of(settings, (target(name).model,))[0]


def _of_name(name: str, parameters: Mapping[str, Value], seed: int) -> Session:
    if _is_trace(name):
        return gone_through(replay(*opened(name)), name, seed)
    found = named(name, parameters)
    return Session(found.world, name, found.subject, seed)


def _is_trace(name: str) -> bool:
    return name.endswith(SUFFIX) or name == STDIN
