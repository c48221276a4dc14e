"""The clauses that hold for all engines can be cited."""

from spec.formalism import clauses
from spec.formalism.delivery import DISCIPLINES
from spec.formalism.rule import Clause, statement

ALL = (
    *(
        each
        for each in vars(clauses).values()
        if isinstance(each, type)
        and issubclass(each, Clause)
        and each.__module__ == clauses.__name__
    ),
    *DISCIPLINES,
)


def test_the_permanent_ids_are_these() -> None:
    assert sorted(clause.id for clause in ALL) == [
        "delivery.fifo",
        "delivery.set",
        "delivery.unordered",
        "engine.absorb",
        "engine.clock",
        "engine.identity",
        "engine.pure",
        "engine.react",
        "engine.solver",
        "engine.unhandled",
        "system.messages",
        "system.rest",
    ]


def test_every_clause_has_a_statement_a_version_and_a_source() -> None:
    lacking = [
        clause.id
        for clause in ALL
        if not statement(clause) or clause.version < 1 or not clause.sources
    ]
    assert lacking == []
