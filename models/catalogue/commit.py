"""Two-phase commit of one transaction: the model whose state graph the literature knows."""

from models.catalogue.common import Options, known
from models.model import Interchangeable, Model, Parameter, World
from properties.commit import COMMIT_PROPERTIES
from properties.engine_laws import ENGINE_LAWS
from spec.commit.system import commit_state, commit_system, resource_manager_id
from spec.formalism.delivery import DISCIPLINES

DISCIPLINE_OF = {discipline.name: discipline for discipline in DISCIPLINES}
"""The disciplines, by their names."""


def two_phase_commit(options: Options) -> World:
    """One transaction over so many resource managers."""
    system = commit_system(DISCIPLINE_OF[options["delivery"]])
    state = commit_state(system, options["resource_managers"])
    names = map(resource_manager_id, range(1, options["resource_managers"] + 1))
    alike = Interchangeable(tuple((name,) for name in names))
    return World(system, state, (*ENGINE_LAWS, *COMMIT_PROPERTIES), symmetry=(alike,))


TWO_PHASE_COMMIT = Model(
    name="two-phase-commit",
    system="commit",
    sentence="Two-phase commit of one transaction, as Gray and Lamport specify it.",
    parameters=(
        Parameter("resource_managers", "how many take part", 3, least=1, most=9),
        Parameter(
            "delivery",
            "in which order a mailbox delivers; in a set, messages stay",
            "set",
            tuple(DISCIPLINE_OF),
        ),
    ),
    build=two_phase_commit,
    expected=(
        known(288, 761, 10),
        known(415, 1103, 10, delivery="unordered"),
        known(415, 1103, 10, delivery="fifo"),
        known(8832, 37345, 16, resource_managers=5),
        known(296448, 1735809, 22, resource_managers=7),
    ),
)
"""Two-phase commit."""
