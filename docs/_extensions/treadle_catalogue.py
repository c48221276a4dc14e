"""What there is to list: every rule, property and model of Treadle, and how its code reads."""

import inspect
import textwrap
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from models.catalogue import CATALOGUE
from models.command.listing import CLAUSES, Listed, listed_properties
from properties.engine_laws import ENGINE_LAWS
from properties.monitor import finding_of, observed
from properties.property import MonitorProperty, Property
from spec.formalism.rule import Clause, Rule, RuleId


def source_text(clause: type[Clause]) -> str:
    """The guard and the action of a rule; nothing of other clauses."""
    if not issubclass(clause, Rule):
        return ""
    halves = (inspect.getsource(half) for half in (clause.guard, clause.action))
    return "\n".join(textwrap.dedent(half).removeprefix("@staticmethod\n") for half in halves)


@cache
def groups() -> dict[str, tuple[Listed, ...]]:
    """All properties: the laws of engines, those of all of Anoma, of some models, of other systems."""
    system_of = {model.name: model.system for model in CATALOGUE}
    names = ("engines", "anoma", "anoma-models", *sorted({*system_of.values()} - {"anoma"}))
    found: dict[str, list[Listed]] = {name: [] for name in names}
    laws = {each.name for each in ENGINE_LAWS}
    of_anoma = {model.name for model in CATALOGUE if model.system == "anoma"}
    for each in listed_properties():
        if each.property.name in laws:
            found["engines"].append(each)
        elif not of_anoma & set(each.models):
            found[system_of[each.models[0]]].append(each)
        else:
            everywhere = of_anoma <= set(each.models)
            found["anoma" if everywhere else "anoma-models"].append(each)
    return {name: tuple(members) for name, members in found.items()}


def judged_by(rule: RuleId) -> tuple[Property, ...]:
    """The properties that cite a rule."""
    everything = (each.property for group in groups().values() for each in group)
    return tuple(each for each in everything if each.rule == rule)


def sought(each: Property) -> str:
    """What the judge of a property looks for, as its code says; nothing where it does not say."""
    judge: Any = each.judge
    if judge is finding_of and isinstance(each, MonitorProperty):
        observe: Any = each.observe
        judge = observe.args[1] if observe.func is observed else judge
    while isinstance(judge, partial):
        inner = [part for part in judge.args if callable(part)]
        judge = inner[-1] if inner and not inspect.getdoc(judge.func) else judge.func
    return (inspect.getdoc(judge) or "").partition("\n")[0]


def all_names() -> Iterator[tuple[str, str]]:
    """The kind and name of everything that a page has to list."""
    yield from (("rule", rule.id) for rule in CLAUSES)
    yield from (("property", each.property.name) for g in groups().values() for each in g)
    yield from (("model", model.name) for model in CATALOGUE)
