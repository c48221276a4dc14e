"""The variables of a global state in ITF: one for each engine, the mailboxes, and the faults that may still happen."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from pyrsistent import PMap, pmap

from models.traces.itf.values import told, variant
from spec.formalism.engine import Engine
from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.formalism.state import GlobalState

MAILBOXES = "mailboxes"
"""The variable of the messages in flight."""

FAULTS = "faults"
"""The variable of the faults that may still happen."""

ABSENT = variant("Absent")
"""What the variable of an engine says as long as there is none."""


@frozen
class Variables:
    """What the variables of a run are called."""

    names: PMap[EngineId, str]
    """The variable of each engine."""

    def all(self) -> tuple[str, ...]:
        """All variables, in order."""
        return (*(self.names[engine] for engine in sorted(self.names)), MAILBOXES, FAULTS)

    def told(self, state: GlobalState) -> dict[str, Any]:
        """What they say in a state."""
        return {
            **{
                self.names[engine]: told_engine(state.engines.get(engine))
                for engine in sorted(self.names)
            },
            MAILBOXES: told(state.mailboxes),
            FAULTS: told(state.faults),
        }


def variables_of(engines: Iterable[EngineId]) -> Variables:
    """The variables of a run with these engines: their names, as identifiers, each a different one."""
    taken = {MAILBOXES, FAULTS}
    names: dict[EngineId, str] = {}
    for engine in sorted(set(engines)):
        names[engine] = free_name(_identifier(str(engine)), taken)
        taken.add(names[engine])
    return Variables(pmap(names))


def told_engine(engine: Engine | None) -> Any:
    """What the variable of an engine says."""
    if engine is None:
        return ABSENT
    environment = told(engine.environment)["value"]
    configuration = told(engine.configuration)
    return variant("Engine", family=engine.family, configuration=configuration, **environment)


def free_name(name: str, taken: set[str]) -> str:
    """A name that is not taken: this one, or one with a number."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def spelt(variables: Variables) -> dict[str, list[str]]:
    """Of which engine each variable is: its node and its name."""
    return {variables.names[each]: [each.node, each.name] for each in sorted(variables.names)}


def spelling(table: Mapping[str, tuple[str, str]]) -> Variables:
    """The variables that are spelt so."""
    return Variables(
        pmap({EngineId(NodeId(node), EngineName(name)): key for key, (node, name) in table.items()})
    )


def _identifier(name: str) -> str:
    """A name of letters, digits and underscores that begins with a letter."""
    clean = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return clean if clean[:1].isalpha() else f"engine_{clean}"
