"""The register of contracts, in the order of their modules."""

from tests.contracts import (
    arithmetic,
    commit,
    labels,
    marks,
    nouns,
    programs,
    solvers,
    soma,
    timelines,
    voting,
)
from tests.contracts.contract import Contract

CONTRACTS: tuple[Contract, ...] = (
    *timelines.CONTRACTS,
    *marks.CONTRACTS,
    *labels.CONTRACTS,
    *programs.CONTRACTS,
    *arithmetic.CONTRACTS,
    *nouns.CONTRACTS,
    *solvers.CONTRACTS,
    *soma.CONTRACTS,
    *commit.CONTRACTS,
    *voting.CONTRACTS,
)
"""All contracts."""


def contract_of(name: str) -> Contract:
    """The contract of this name.

    Raises:
        KeyError: there is none.
    """
    return {each.name: each for each in CONTRACTS}[name]
