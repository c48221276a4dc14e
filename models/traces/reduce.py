"""Making what a run is of smaller, as long as some run of it still breaks the same property.

Choices:
- Of a scenario, whatever can be left out is tried: transactions and other entries, keys of labels and of tables, what
  the network may do, statements of programs. Of a model, numbers are lowered. Twins are small as they are.
- A smaller subject counts only if a search of it finds a run that breaks the property of the same name. It visits so
  many states, nearest first, and, where there are more, takes a few walks, always the same: so the answer is always
  the same too.
- Of many entries, halves and quarters are tried first. It ends where nothing can be left out any more, or after so
  many tries.
"""

import ast
import json
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any, TypeGuard

from attrs import evolve, frozen

from models.catalogue import model_named
from models.model import World
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.findings import Path
from models.search.judge import JudgeError
from models.search.result import SearchResult, Status
from models.search.walks import Plan, walk
from models.traces.document import OfModel, OfScenario, Subject
from models.traces.minimise import minimised
from models.traces.subject import SubjectError, world_of
from properties.property import Evidence, Property

MOST_TRIES = 300
"""How many smaller subjects are tried at most if nothing else is said."""

STATES = 5_000
"""How many states of each are visited, by a search and by walks."""

WALKS = Plan(20)
"""Which walks are taken where that shows nothing."""

KEYED = ("genesis", "placement", "objects")
"""The tables about keys: what they say of a key is left out if nothing else names that key."""

PROGRAM = "program"
"""The key under which the text of a program stands."""


@frozen
class Reduced:
    """A smaller subject, with a run of it that breaks the property."""

    subject: Subject
    """What is run."""
    world: World
    """Its world."""
    events: Path
    """The run."""
    found: tuple[Property, Evidence]
    """The property, and what the run shows of it."""
    tries: int
    """How many smaller subjects were tried."""
    complete: bool
    """Whether nothing can be left out any more, as far as the searches show."""


def reduced(subject: Subject, about: str, most_tries: int = MOST_TRIES) -> Reduced | None:
    """The smallest subject that was found in which a property is broken; nothing if none is smaller."""
    best: Reduced | None = None
    tries, first = 0, 0
    while True:
        # What could not be left out before can hardly be left out now: it is tried again at the end.
        for number, smaller in islice(enumerate(smaller_than(subject)), first, None):
            if tries >= most_tries:
                return None if best is None else evolve(best, tries=tries, complete=False)
            tries += 1
            shown = _shown(smaller, about)
            if shown is not None:
                best, subject, first = shown, smaller, number
                break
        else:
            if not first:
                return None if best is None else evolve(best, tries=tries)
            first = 0


def smaller_than(subject: Subject) -> Iterator[Subject]:
    """The subjects that have one thing less, those that have much less first."""
    match subject:
        case OfModel(name, parameters):
            model = model_named(name)
            for each in () if model is None else model.parameters:
                value = parameters.get(each.name, each.default)
                if isinstance(value, int) and each.least is not None:
                    for lower in range(each.least, value):
                        yield evolve(subject, parameters=parameters.set(each.name, lower))
        case OfScenario(_, text):
            values = tomllib.loads(text)
            yield from (evolve(subject, text=toml(each)) for each in _smaller_values(values))
        case _:
            return


def toml(values: dict[str, Any]) -> str:
    """The text of a TOML file that says this: plain values, tables, lists of tables, and tables in a line in these."""
    lines = [f"{_key(key)} = {_plain(value)}" for key, value in values.items() if _flat(value)]
    for key, value in values.items():
        tables = [] if _flat(value) else _items(value) or [value]
        head = f"[[{_key(key)}]]" if _items(value) else f"[{_key(key)}]"
        for table in tables:
            entries = (f"{_key(name)} = {_plain(item)}" for name, item in table.items())
            lines += ["", head, *entries]
    return "\n".join(lines) + "\n"


def _shown(subject: Subject, about: str) -> Reduced | None:
    """A run of a subject that breaks the property of this name, if a search finds one."""
    try:
        world = world_of(subject)
        only = evolve(
            world, properties=tuple(each for each in world.properties if each.name == about)
        )
        if not only.properties:
            return None
        until = frozenset({about})
        bounds = Bounds(max_states=STATES)
        result: SearchResult = explore(only, bounds, until)
        if result.stop is not None and not result.broken():
            result = walk(only, WALKS, bounds, until)
        found = _broken(result, about)
        if found is None:
            return None
        shorter = minimised(world, *found)
    except (SubjectError, JudgeError):
        return None
    return Reduced(subject, world, shorter.events, (found[1], shorter.evidence), 0, complete=True)


def _broken(result: SearchResult, about: str) -> tuple[Path, Property] | None:
    for each in result.properties:
        if (each.property.name, each.status) == (about, Status.VIOLATED) and each.evidence:
            return each.events, each.property
    return None


def _smaller_values(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a file says, with one thing less."""
    changes: list[Callable[[dict[str, Any]], None]] = []
    for key, value in values.items():
        if not _flat(value):
            changes += [_without_some(key, *some) for some in _parts(len(_items(value)))]
    for key, value in values.items():
        if key in KEYED:
            rest = json.dumps({other: values[other] for other in values if other not in KEYED})
            changes += [_without(key, name) for name in value if name not in rest]
        elif not _flat(value):
            changes += [] if _items(value) else [_without(key)]
            for place, table in enumerate(_items(value)):
                changes += list(_in_table(table, (key, place)))
    for change in changes:
        smaller = deepcopy(values)
        change(smaller)
        yield smaller


def _in_table(
    table: dict[str, Any], at: tuple[str | int, ...]
) -> Iterator[Callable[[dict[str, Any]], None]]:
    """What can be left out of an entry: statements of its program, items of its lists and tables."""
    for key, value in table.items():
        if key == PROGRAM and isinstance(value, str):
            for text in _shorter_programs(value):
                yield _with(text, *at, key)
        else:
            parts = value if _is_table(value) else range(len(_items(value)))
            yield from (_without(*at, key, part) for part in parts)


def _without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(values: Any) -> None:
        for key in path[:-1]:
            values = values[key]
        del values[path[-1]]

    return change


def _without_some(key: str, first: int, last: int) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        del values[key][first:last]

    return change


def _parts(length: int) -> Iterator[tuple[int, int]]:
    """The parts of a list that are left out: halves, quarters, and then one item after the other."""
    sizes = (size for size in (length // 2, length // 4) if size > 1)
    for size in (*sizes, 1):
        yield from ((first, min(first + size, length)) for first in range(0, length, size))


def _with(new: str, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(values: Any) -> None:
        for key in path[:-1]:
            values = values[key]
        values[path[-1]] = new

    return change


def _shorter_programs(text: str) -> Iterator[str]:
    """The programs that have one statement less, with all that stands in it."""
    count = len(_blocks(text))
    for block in range(count):
        for place in range(len(_blocks(text)[block][1])):
            tree, statements = _blocks(text)[block]
            if isinstance(statements[place], ast.Pass):
                continue
            del statements[place]
            if not statements and block:
                statements.append(ast.Pass())
            yield ast.unparse(tree) + "\n"


def _blocks(text: str) -> list[tuple[ast.Module, list[ast.stmt]]]:
    """The blocks of a program, the outermost first, each in the tree that it stands in."""
    tree = ast.parse(textwrap.dedent(text))
    blocks = [tree.body]
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            blocks += [block for block in (node.body, node.orelse) if block]
    return [(tree, block) for block in blocks]


def _flat(value: Any) -> bool:
    """Whether a value is written in the line of its key."""
    return type(value) is not dict and not any(type(item) is dict for item in _items(value))


def _items(value: Any) -> list[Any]:
    """The items of a list; none of anything else."""
    return value if _is_list(value) else []


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return type(value) is list


def _is_table(value: object) -> TypeGuard[dict[str, Any]]:
    return type(value) is dict


def _plain(value: Any) -> str:
    if _is_table(value):
        entries = ", ".join(f"{_key(name)} = {_plain(item)}" for name, item in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    if _is_list(value):
        return f"[{', '.join(map(_plain, value))}]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
