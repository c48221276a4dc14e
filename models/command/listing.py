"""What the listing verbs share: what there is, and tables and JSON of it."""

import argparse
import inspect
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from rich.table import Table

from models.catalogue import CATALOGUE
from models.model import Model
from models.scenario.expect import Expect
from models.search.findings import judged_properties
from models.terminal import console
from properties.property import Property
from spec.formalism.rule import Clause, Rule
from spec.register import REGISTER

CLAUSES: tuple[type[Clause], ...] = (*REGISTER, Expect)
"""Every rule and other clause: the specification's, and that of what authors of scenarios expect."""

ROOT = Path(inspect.getfile(Expect)).resolve().parents[2]
"""The folder in which the packages lie."""


@frozen
class Listed:
    """A property, and the models that are judged on it."""

    property: Property
    """The property."""
    models: tuple[str, ...]
    """The names of the models, in the order of the catalogue."""


def listed_properties() -> tuple[Listed, ...]:
    """Every property that a built-in model is judged on."""
    found: dict[str, Listed] = {}
    for model in CATALOGUE:
        for each in judged_properties(default_world(model)):
            known = found.get(each.name, Listed(each, ()))
            found[each.name] = Listed(known.property, (*known.models, model.name))
    return tuple(found.values())


def default_world(model: Model) -> Any:
    """The world of a model with its default parameters."""
    return model.build({each.name: each.default for each in model.parameters})


def place_of(clause: type[Clause], part: str | None = None) -> str:
    """Where a clause, or a part of it, stands: file and line."""
    thing = clause if part is None else getattr(clause, part)
    file = Path(inspect.getfile(thing)).resolve().relative_to(ROOT)
    return f"{file.as_posix()}:{inspect.getsourcelines(thing)[1]}"


def is_rule(clause: type[Clause]) -> bool:
    """Whether a clause has a guard and an action."""
    return issubclass(clause, Rule)


def json_option(parser: argparse.ArgumentParser) -> None:
    """Declare the one option that lists have."""
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def print_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; its first column is never broken."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, no_wrap=not place, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)
