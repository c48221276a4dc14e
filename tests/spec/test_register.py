"""Every clause of the specification is registered, once."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import spec
from spec.formalism.rule import Clause, RuleId, statement
from spec.register import ANOMA, COMMIT, FORMALISM, REGISTER, SOMA, VOTING, clause_of


def clauses(base: type[Clause] = Clause) -> Iterator[type[Clause]]:
    """Every clause of spec that has been imported."""
    for each in base.__subclasses__():
        if "id" in vars(each) and each.__module__.startswith("spec."):
            yield each
        yield from clauses(each)


def test_every_clause_of_the_specification_is_registered_once() -> None:
    for module in pkgutil.walk_packages(spec.__path__, "spec."):
        import_module(module.name)
    assert len(set(REGISTER)) == len(REGISTER)
    assert set(REGISTER) == set(clauses())
    assert (*FORMALISM, *VOTING, *COMMIT, *ANOMA, *SOMA) == REGISTER


def test_no_two_clauses_have_the_same_id() -> None:
    ids = [clause.id for clause in REGISTER]
    assert len(set(ids)) == len(ids)


def test_every_clause_says_what_it_must() -> None:
    for clause in REGISTER:
        assert statement(clause), clause
        assert clause.version >= 1, clause
        assert clause.sources, clause


def test_a_clause_is_found_by_its_id() -> None:
    assert [clause_of(clause.id) for clause in REGISTER] == list(REGISTER)
    assert clause_of(RuleId("shard.nothing")) is None
