"""From what a user names to a session: a model, a scenario file, a twin, a world, or a trace."""

from collections.abc import Mapping
from pathlib import Path

from pyrsistent import pmap

from models.command.errors import InputError
from models.model import Model, Value, World
from models.stepper.session import Session
from models.traces.errors import TraceError
from models.traces.replay import Replayed, opened, replay
from models.traces.subject import SubjectError, built, named

SUFFIX = ".json"
"""How the names of trace files end."""


def open_session(
    what: "str | Path | Model | World", parameters: Mapping[str, Value] | None = None, seed: int = 0
) -> Session:
    """A session at the start of a model, or at the end of the run of a trace.

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
            case Model():
                return Session(built(what, pmap(parameters or {})), what.name, seed=seed)
            case _:
                return _of_name(str(what), parameters or {}, seed)
    except (SubjectError, TraceError) as error:
        raise InputError(error) from error


def gone_through(replayed: Replayed, name: str, seed: int = 0) -> Session:
    """A session at the end of a run that was replayed, with all of it behind."""
    session = Session(replayed.world, name, replayed.trace.subject, seed)
    session.follow(replayed.events)
    return session


def _of_name(name: str, parameters: Mapping[str, Value], seed: int) -> Session:
    if name.endswith(SUFFIX) or name == "-":
        if parameters:
            raise InputError(f"{name}: a trace has its parameters")
        return gone_through(replay(*opened(name)), name, seed)
    found = named(name, parameters)
    return Session(found.world, name, found.subject, seed)
