"""Which models are measured."""

from pyrsistent import pmap

from models.bench.measured import Subject
from models.catalogue import CATALOGUE

DEFAULT: tuple[Subject, ...] = (
    Subject("voting", pmap()),
    Subject("two-phase-commit", pmap({"resource_managers": 5})),
    Subject("ordering", pmap()),
    Subject("ordering", pmap({"transactions": 3, "keys": 1})),
    Subject("two-phase-commit", pmap({"resource_managers": 7})),
)
"""The models that are measured if nothing is named, the small ones first."""


def everything() -> tuple[Subject, ...]:
    """Those, and each built-in model with its default parameters."""
    rest = (Subject(model.name, pmap()) for model in CATALOGUE)
    return (*DEFAULT, *(each for each in rest if each not in DEFAULT))
