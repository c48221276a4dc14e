"""`treadle rule ID`: all that stands under the id of a rule."""

import argparse
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import fill

from models.command.listing import CLAUSES, is_rule, listed_properties, place_of, print_json
from models.command.rules import rule_entry
from models.errors import InputError
from spec.formalism.rule import Clause, Source, statement

WIDTH = 80
"""How long a line may be."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", metavar="ID", help="the id of the rule: shard.answer-read, say")
    parser.add_argument("--json", action="store_true", help="print the rule as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the rule."""
    clause = next((each for each in CLAUSES if each.id == options.id), None)
    if clause is None:
        near = get_close_matches(options.id, [each.id for each in CLAUSES])
        hint = f"did you mean {' or '.join(near)}?" if near else "see treadle rules"
        sys.stderr.write(f"treadle: error: {InputError(f'{options.id}: no such rule; {hint}')}\n")
        return 2
    if options.json:
        print_json(rule_entry(clause) | {"properties": citing(clause)})
    else:
        sys.stdout.write("\n".join(page(clause)) + "\n")
    return 0


def citing(clause: type[Clause]) -> list[str]:
    """The names of the properties that follow from a clause."""
    return [each.property.name for each in listed_properties() if each.property.rule == clause.id]


def page(clause: type[Clause]) -> Iterator[str]:
    """The page of a clause, line by line."""
    yield f"{clause.id} (version {clause.version})"
    for paragraph in statement(clause).split("\n\n"):
        yield ""
        yield fill(paragraph, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if clause.decides:
        yield ""
        yield _entry("decides", clause.decides)
    yield ""
    for source in clause.sources:
        yield _entry("source", _cited(source))
    yield _entry("stands in", place_of(clause))
    if is_rule(clause):
        yield _entry("guard", place_of(clause, "guard"))
        yield _entry("action", place_of(clause, "action"))
    for name in citing(clause):
        yield _entry("property", name)


def _cited(source: Source) -> str:
    return f"{source.text.name}, {source.text.value}: {source.passage}"


def _entry(name: str, text: str) -> str:
    further = " " * 12
    return fill(text, WIDTH, initial_indent=f"{name:<10}  ", subsequent_indent=further)
