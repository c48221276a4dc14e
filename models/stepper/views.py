"""Views of a point and of the run to it: one engine, one key, one transaction."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from attrs import frozen

from models.errors import InputError
from models.render import fields_of, is_map, is_program, is_sequence, is_set, render, render_event
from models.stepper.awaited import awaited
from models.stepper.point import Point, run_to
from models.traces.parts import keys_in, leaves, under
from models.traces.trace import actor
from properties.outcome import workers_of
from spec.anoma.worker.environment import RequestId
from spec.formalism.delivery import Mail
from spec.formalism.engine import Engine
from spec.formalism.state import messages
from spec.soma.certificate import Certificate

LISTED = 10
"""How many names a complaint lists at most."""


def engine_named(point: Point, name: str) -> Engine:
    """The engine of this name at a point.

    Raises:
        InputError: there is none.
    """
    engines = {str(each): engine for each, engine in point.state.engines.items()}
    if name not in engines:
        raise InputError(f"no engine {name!r} here; {instead(name, engines)}")
    return engines[name]


def engine_lines(point: Point, name: str) -> Iterator[str]:
    """One engine: its family, configuration, environment and mailbox, and what it waits for.

    Raises:
        InputError: there is no engine of that name.
    """
    engine = engine_named(point, name)
    environment = engine.environment
    yield f"{name} ({engine.family}): {type(environment.local).__name__}"
    yield from leaves("configuration", engine.configuration)
    yield from leaves("", environment.local) if fields_of(environment.local) else ()
    for field in fields_of(environment):
        value = getattr(environment, field.name)
        if field.name != "local" and value != field.default:
            yield from leaves(field.name, value)
    for message in messages(point.stage.world.system.discipline, point.state):
        if message.target == engine.identity.external:
            yield f"in the mailbox: {render(message.body)} from {message.sender}"
    yield from (f"waits for {each}" for each in awaited(engine))


def key_lines(point: Point, key: str) -> Iterator[str]:
    """What engines keep under a key or for an object, and the steps of the run that changed it.

    Raises:
        InputError: none of them has kept anything under it.
    """
    engines = point.state.engines
    held = [line for name in sorted(engines) for line in _held(engines[name], key)]
    steps = [(each, lines) for each in run_to(point) if (lines := tuple(_changed(each, key)))]
    if not held and not steps:
        keys = {each for engine in engines.values() for each in keys_in(engine.environment.local)}
        raise InputError(f"no engine keeps anything under {key!r}; {instead(key, keys)}")
    yield from held
    for each, lines in steps:
        yield f"{each.step:3} {_event_line(each)}"
        yield from (f"    {line}" for line in lines)


def transaction_lines(point: Point, name: str) -> Iterator[str]:
    """One transaction: the steps of the run that are about it, and its messages in flight.

    Args:
        point: the point.
        name: the transaction's name, its timestamp, or the digest of its certificate.

    Raises:
        InputError: nothing is about such a transaction.
    """
    about = _transaction(point, name)
    steps = [each for each in run_to(point) if any(_is_about(m, about) for m in _mail(each))]
    in_flight = messages(point.stage.world.system.discipline, point.state)
    waiting = [each for each in in_flight if _is_about(each, about)]
    if not steps and not waiting and name not in names_of(point):
        raise InputError(
            f"nothing is about a transaction {name!r}; {instead(name, names_of(point))}"
        )
    yield _title(about)
    for each in steps:
        yield f"{each.step:3} {_event_line(each)}"
        sent = () if each.record is None else each.record.sent
        yield from (f"    to {m.target}: {render(m.body)}" for m in sent if _is_about(m, about))
    yield from (f"in flight: {render(each)}" for each in waiting)


def names_of(point: Point) -> frozenset[str]:
    """The names of the transactions, or the digests of the certificates that are on their way or kept."""
    world, state = point.stage.world, point.state
    if world.transactions:
        return frozenset(world.transactions.values())
    start = messages(world.system.discipline, world.state)
    kept = (each.environment.local for each in state.engines.values())
    values = (value for each in (*start, *kept) for value in _values(each))
    return frozenset(str(each.digest) for each in values if isinstance(each, Certificate))


@frozen
class _About:
    """What tells that something is about a transaction."""

    name: str
    """What its user calls it."""
    request: RequestId | None
    """Its request, if it has one."""
    marks: frozenset[tuple[str, Any]]
    """Fields with their values, one of which says so."""


def _transaction(point: Point, name: str) -> _About:
    named = {text: request for request, text in point.stage.world.transactions.items()}
    given = {
        request: at for worker in workers_of(point.state) for request, at in worker.requests.items()
    }
    request = named.get(name)
    if request is None and name.isascii() and name.isdigit():
        request = next((each for each, at in given.items() if at == int(name)), None)
    at = None if request is None else given.get(request)
    marks = {("digest", name)} if at is None else {("fingerprint", at)}
    return _About(name, request, frozenset(marks))


def _title(about: _About) -> str:
    [(field, value)] = about.marks
    asked = (
        ""
        if about.request is None
        else f", request {about.request.number} of {about.request.issuer}"
    )
    at = f", timestamp {value}" if field == "fingerprint" else ""
    return f"transaction {about.name}{asked}{at}"


def _is_about(message: Mail, about: _About) -> bool:
    request = about.request
    if request is not None and getattr(message.body, "number", None) == request.number:
        return request.issuer in (message.sender, message.target)
    return any(
        getattr(value, field, None) == wanted
        for value in _values(message.body)
        for field, wanted in about.marks
    )


def _values(value: Any) -> Iterator[Any]:
    """The values with named fields that a value consists of, itself among them."""
    if is_program(value):
        return
    if is_map(value):
        inner: Iterable[Any] = value.values()
    elif is_set(value) or is_sequence(value):
        inner = value
    else:
        yield value
        inner = (getattr(value, field.name) for field in fields_of(value))
    for each in inner:
        yield from _values(each)


def _mail(point: Point) -> Iterator[Mail]:
    """The messages that a step is about: the one that something happened to, and those sent."""
    if point.record is not None:
        message = getattr(point.record.event, "message", None)
        yield from () if message is None else (message,)
        yield from point.record.sent


def _held(engine: Engine, key: str) -> Iterator[str]:
    name = engine.identity.external
    return (f"{name}: {line}" for line in under(engine.environment.local, key))


def _changed(point: Point, key: str) -> Iterator[str]:
    """What a step has changed of what an engine keeps under a key."""
    if point.parent is None or point.event is None:
        return
    name = actor(point.event)
    states = () if name is None else (point.parent.state, point.state)
    engines = [each.engines[name] for each in states if name is not None]
    if engines and engines[0].environment != engines[1].environment:
        old, new = (tuple(_held(each, key)) for each in engines)
        yield from (f"- {line}" for line in old if line not in new)
        yield from (f"+ {line}" for line in new if line not in old)


def _event_line(point: Point) -> str:
    return "the start" if point.event is None else render_event(point.event)


def instead(name: str, there: Iterable[str]) -> str:
    """What to say of a name that means nothing: what is like it, or what there is."""
    names = sorted(there)
    near = get_close_matches(name, names)
    if near:
        return f"did you mean {' or '.join(near)}?"
    listed = ", ".join(names[:LISTED]) or "none"
    return f"there is {listed}{', …' if len(names) > LISTED else ''}"
