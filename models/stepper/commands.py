"""The words by which any face drives a session: one command a line, answered in lines.

A bad command raises InputError, which is one line, and leaves the session where it was.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from models.errors import InputError
from models.render import render_event
from models.search.judge import JudgeError
from models.stepper.difference import difference
from models.stepper.drawing import draw_to
from models.stepper.finding import Test, by_engine, by_property, by_rule
from models.stepper.overview import (
    blocked_lines,
    headline,
    moved,
    overview,
    standing_lines,
    why_lines,
)
from models.stepper.place import is_number
from models.stepper.point import Point
from models.stepper.session import Session, Walk
from models.stepper.views import engine_lines, instead, key_lines, names_of, transaction_lines
from models.stepper.why import why
from models.traces.codec import save
from models.traces.document import OfFile
from spec.formalism.clauses import Absorb

SHOWN = 20
"""How many steps of a walk are told."""


@frozen
class Answer:
    """What a command has to say."""

    lines: tuple[str, ...] = ()
    """Its lines."""
    over: bool = False
    """Whether the session is over."""


@frozen
class Word:
    """A command."""

    name: str
    """Its first word."""
    usage: str
    """What may stand after it."""
    help: str
    """What it does, in one line."""
    run: Callable[[Session, str], Iterable[str]]
    """Does it, on what stands after the first word; the answer is its lines."""


def answer(session: Session, line: str) -> Answer:
    """Do what a line says.

    Raises:
        InputError: it cannot be done, or means nothing.
    """
    try:
        return _answered(session, line)
    except InputError:
        raise
    except Exception as error:
        if isinstance(error, JudgeError) or isinstance(session.subject, OfFile):
            raise InputError(f"{session.name}: {_blame(error)}") from error
        raise


def _blame(error: Exception) -> str:
    """What a model of the user's does wrong while it is stepped or judged."""
    return str(error) if isinstance(error, JudgeError) else f"the model raised {error!r}"


def _answered(session: Session, line: str) -> Answer:
    words = line.split(maxsplit=1)
    if not words or words[0].startswith("#"):
        return Answer()
    name, rest = words[0], words[1].strip() if len(words) > 1 else ""
    if is_number(name) and not rest:
        name, rest = "choose", name
    if name in QUITTING and not rest:
        return Answer(over=True)
    word = BY_NAME.get(name)
    if word is None:
        raise InputError(f"no command {name!r}; expected a number, {', '.join(BY_NAME)}, or quit")
    return Answer(tuple(word.run(session, rest)))


def _choose(session: Session, rest: str) -> Iterator[str]:
    session.choose(_number(rest, "choose"))
    return moved(session)


def _random(session: Session, rest: str) -> Iterator[str]:
    match rest.split():
        case []:
            walk = session.random(1)
        case [number]:
            walk = session.random(_number(number, "random"))
        case [number, "seed", seed]:
            walk = session.random(_number(number, "random"), _number(seed, "seed"))
        case _:
            raise InputError(f"random {rest}: expected random, random N, or random N seed S")
    return _walked(session, walk)


def _walked(session: Session, walk: Walk) -> Iterator[str]:
    yield str(walk)
    left_out = len(walk.points) - 1 - SHOWN
    if left_out > 0:
        yield f"  … {left_out} before these"
    for point in walk.points[:-1][-SHOWN:]:
        yield _short(point)
    yield from moved(session)


def _short(point: Point) -> str:
    return "the start" if point.event is None else f"{point.step:3} {render_event(point.event)}"


def _back(session: Session, rest: str) -> Iterator[str]:
    session.back(_number(rest or "1", "back"))
    return moved(session)


def _forward(session: Session, rest: str) -> Iterator[str]:
    session.forward(_number(rest or "1", "forward"))
    return moved(session)


def _to(session: Session, rest: str) -> Iterator[str]:
    session.to(rest)
    return moved(session)


def _undo(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "undo")
    session.undo()
    return moved(session)


def _redo(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "redo")
    session.redo()
    return moved(session)


def _branch(session: Session, rest: str) -> Iterator[str]:
    if rest:
        session.new_branch(rest)
        yield headline(session)
        return
    for name, end in session.branches.items():
        mark = "*" if name == session.branch else " "
        yield f"{mark} {name}: {end.step} steps{', at rest' if end.rests else ''}"


def _rename(session: Session, rest: str) -> Iterator[str]:
    session.rename(rest)
    yield headline(session)


def _until(session: Session, rest: str) -> Iterator[str]:
    what, _, name = rest.partition(" ")
    return _walked(session, session.until(_test(session, what, name.strip())))


def _test(session: Session, what: str, name: str) -> Test:
    match what:
        case "engine" if name:
            return by_engine(name)
        case "rule" if name:
            families = session.world.system.families.values()
            rules = {str(rule.id) for family in families for rule in family.rules}
            if name not in {*rules, Absorb.id}:
                raise InputError(f"no rule {name!r} here; {instead(name, rules)}")
            return by_rule(name)
        case "property":
            _check_open(session, name)
            return by_property(name)
        case _:
            expected = "until engine NAME, until rule ID, or until property [NAME]"
            raise InputError(f"{_typed('until', what, name)}: expected {expected}")


def _check_open(session: Session, name: str) -> None:
    """Refuse a property that there is not, and one of which nothing new can be shown."""
    names = [each.name for each in session.world.properties]
    if name and name not in names:
        raise InputError(f"no property {name!r} here; {instead(name, names)}")
    sight = session.here.shown.get(name)
    if sight is not None:
        raise InputError(f"{name!r} has shown already, at step {sight.step}")


def _diff(session: Session, rest: str) -> Iterator[str]:
    match rest.split():
        case [one]:
            ends = session.point(one), session.here
        case [one, other]:
            ends = session.point(one), session.point(other)
        case _:
            raise InputError(
                f"{_typed('diff', rest)}: expected diff A, or diff A B; each a step, or BRANCH:STEP"
            )
    before, after = (each.state for each in ends)
    lines = tuple(difference(session.world.system.discipline, before, after))
    return iter(lines or ("no difference",))


def _why(session: Session, rest: str) -> Iterator[str]:
    return why_lines(why(session.here, rest))


def _blocked(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "blocked")
    return iter(tuple(blocked_lines(session.here)) or ("nothing waits",))


def _show(session: Session, rest: str) -> Iterator[str]:
    if rest:
        yield from engine_lines(session.here, rest)
        return
    for name in sorted(session.here.state.engines):
        yield f"{name} ({session.here.state.engines[name].family})"


def _key(session: Session, rest: str) -> Iterator[str]:
    return key_lines(session.here, rest)


def _transaction(session: Session, rest: str) -> Iterator[str]:
    if rest:
        return transaction_lines(session.here, rest)
    return iter(sorted(names_of(session.here)) or ("there are none",))


def _list(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "list")
    return overview(session)


def _run(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "run")
    for point in session.line():
        yield f"{'>' if point is session.here else ' '}{_short(point)}"


def _properties(session: Session, rest: str) -> Iterator[str]:
    _nothing_after(rest, "properties")
    return standing_lines(session)


def _save(session: Session, rest: str) -> Iterator[str]:
    if not rest:
        raise InputError("save: expected save FILE")
    trace = session.trace()
    try:
        save(trace, Path(rest))
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(f"{rest}: it cannot be written: {reason}") from error
    yield f"{rest}: {len(trace.steps)} steps"


def _draw(session: Session, rest: str) -> Iterator[str]:
    if not rest:
        raise InputError("draw: expected draw FILE")
    yield f"{rest}: {session.here.step} steps, as {draw_to(session, rest).form}"


def _help(session: Session, rest: str) -> Iterator[str]:  # noqa: ARG001  # one shape for all
    if rest and rest not in BY_NAME:
        raise InputError(f"no command {rest!r}; expected {', '.join(BY_NAME)}")
    for word in WORDS:
        if rest in ("", word.name):
            yield f"{f'{word.name} {word.usage}'.strip():34} {word.help}"
    if not rest:
        yield f"{'quit':34} leave"


def _number(text: str, word: str) -> int:
    if not is_number(text):
        raise InputError(f"{_typed(word, text)}: expected a number")
    return int(text)


def _typed(*words: str) -> str:
    """What somebody has typed, though there may be nothing after the first word."""
    return " ".join(filter(None, words))


def _nothing_after(rest: str, word: str) -> None:
    if rest:
        raise InputError(f"{word} {rest}: expected nothing after {word}")


WORDS: tuple[Word, ...] = (
    Word("choose", "N", "take step N of the list; the number alone does too", _choose),
    Word(
        "random",
        "[N [seed S]]",
        "take a step at random, or N, each of which changes something",
        _random,
    ),
    Word(
        "until",
        "engine|rule|property X",
        "go to the next such event: along the branch, then at random",
        _until,
    ),
    Word("back", "[N]", "go a step back, or N", _back),
    Word("forward", "[N]", "go a step on along the branch, or N", _forward),
    Word("to", "POINT", "go to a step, start, end, a branch, or BRANCH:STEP", _to),
    Word("undo", "", "take back the last move", _undo),
    Word("redo", "", "take it again", _redo),
    Word("branch", "[NAME]", "begin a branch here; without a name, list them", _branch),
    Word("rename", "NAME", "give the branch another name", _rename),
    Word("list", "", "where this is, and what may happen", _list),
    Word("run", "", "the steps of the branch", _run),
    Word("blocked", "", "what waits, and why", _blocked),
    Word("show", "[ENGINE]", "one engine; without a name, list them", _show),
    Word("key", "K", "the timeline of a key, or object", _key),
    Word(
        "transaction", "[T]", "the steps of a transaction; without a name, list them", _transaction
    ),
    Word("properties", "", "what the run so far says of every property", _properties),
    Word("diff", "A [B]", "what is different between two points", _diff),
    Word("why", "WORDS", "the steps that led to what these words stand in", _why),
    Word("save", "FILE", "write the run to here to a trace file", _save),
    Word("draw", "FILE", "draw the run to here; the form follows the ending of the name", _draw),
    Word("help", "[COMMAND]", "list the commands", _help),
)
"""All commands but those that end a session."""

BY_NAME: dict[str, Word] = {word.name: word for word in WORDS}
"""The commands by their names."""

QUITTING = frozenset({"quit", "exit", "q"})
"""What ends a session."""
